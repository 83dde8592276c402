/** Where things lie in the repository that this CLI belongs to. */
import { join } from "node:path";

export const repository = join(import.meta.dirname, "../../..");

/** The chain's program, as the bootstrap builds it. */
export const builtRemesd = join(repository, "chain/bin/remesd");
