/** The door for the tests of other packages: what every content store must do. */
export { content, large, largeMax, storeCases } from "./testing/storeCases.ts";
