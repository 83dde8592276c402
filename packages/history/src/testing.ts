/** The door for tests of whoever reads the tables: a recorded chain to make them from. */
export { hashTables } from "./testing/hashTables.ts";
export { indexTo } from "./testing/indexTo.ts";
export { type RecordedChain, recordedChain } from "./testing/recordedChain.ts";
