/** The one door of the package. */
export { type Founding, queryRecords, type Records } from "./apply/records.ts";
export { type Cursor, checkChain } from "./checkChain.ts";
export {
  createIndexer,
  type IndexedBlock,
  type Indexer,
  type IndexerDeps,
  type IndexerOptions,
} from "./createIndexer.ts";
export { type EventKind, eventKinds } from "./decode/eventTypes.ts";
export type { Plain, PlainRecord } from "./decode/plainMessage.ts";
export { emptyChain } from "./emptyChain.ts";
export { hashTables } from "./hashTables.ts";
export { measureIndex } from "./measureIndex.ts";
export { channel, readTableChange, type TableChange } from "./write/tableChange.ts";
