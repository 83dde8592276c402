/** What a Node program hands to this package: files, installed packages, the shipped model. */
export {
  type BuildDatasetFolderOptions,
  buildBuiltInDataset,
  buildOwnDataset,
} from "./buildDatasetFolder.ts";
export { GENESIS_FOLDER } from "./genesisFolder.ts";
export { type ImportFolderOptions, importCheckpointFolder } from "./importCheckpointFolder.ts";
export { type OpenByteSource, openByteSource } from "./openByteSource.ts";
export { type Folder, openFolder } from "./openFolder.ts";
export { type OpenedModel, openModelFolder } from "./openModelFolder.ts";
export { packageFiles, readBuiltIn } from "./readBuiltIn.ts";
export { readTextFolder } from "./readTextFolder.ts";
export { writeDatasetFolder } from "./writeDatasetFolder.ts";
