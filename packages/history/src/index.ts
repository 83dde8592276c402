/** The one door of the package. */
export { createIndexer, type IndexedBlock } from "./createIndexer.ts";
export { emptyChain } from "./emptyChain.ts";
export { measureIndex } from "./measureIndex.ts";
export { channel, readTableChange, type TableChange } from "./write/tableChange.ts";
