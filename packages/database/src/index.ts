/** The one door of the package. Tables come as two namespaces, one for each schema. */
export * as accounts from "./accounts/schema.ts";
export * as chain from "./chain/schema.ts";
export { type Database, type DatabaseOptions, openDatabase, type Sql } from "./openDatabase.ts";
