/** The door for the tests of other packages: what every content store must do, and a store whose peers are the test's own. */
export { type MemoryPeer, memoryPeer } from "./testing/memoryPeer.ts";
export { content, large, largeMax, storeCases } from "./testing/storeCases.ts";
