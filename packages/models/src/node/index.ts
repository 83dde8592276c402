/** What a Node program hands to this package: files, installed packages, the shipped model. */
export { buildBuiltInDataset, buildOwnDataset } from "./buildDatasetFolder.ts";
export { GENESIS_FOLDER } from "./genesisFolder.ts";
export { importCheckpointFolder } from "./importCheckpointFolder.ts";
export { openFolder } from "./openFolder.ts";
export { type OpenedModel, openModelFolder } from "./openModelFolder.ts";
export { packageFiles, readBuiltIn } from "./readBuiltIn.ts";
