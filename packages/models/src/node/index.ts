/** What a Node program hands to this package: files, installed packages, a fast hash. */

export { readDatasetFolder, writeDatasetFolder } from "./datasetFolder.ts";
export { type OpenByteSource, openByteSource } from "./openByteSource.ts";
export { packageFiles, readBuiltIn } from "./readBuiltIn.ts";
export { readTextFolder } from "./readTextFolder.ts";
export { sha256Of } from "./sha256Of.ts";
