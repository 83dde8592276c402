/** `npm run test:kubo` begins with this: the pinned Kubo is built, if it is not there yet. */
import { existsSync } from "node:fs";
import { buildKubo } from "./buildKubo.ts";
import { builtKubo, kuboModule } from "./findKubo.ts";

const path = builtKubo();
if (!existsSync(path)) await buildKubo(kuboModule, path, (text) => console.log(text));
