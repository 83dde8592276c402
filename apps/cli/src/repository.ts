/** Where things lie in the repository that this CLI belongs to. */
import { join } from "node:path";

export const repository = join(import.meta.dirname, "../../..");

/** The chain's program, as the bootstrap builds it. */
export const builtRemesd = join(repository, "chain/bin/remesd");

/** Where Node keeps compiled code between runs; the door itself, `bin/r3mes.js`, does the same. */
export const compileCache = join(repository, "node_modules/.cache/r3mes");
