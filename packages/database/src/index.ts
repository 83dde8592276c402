/** The one door of the package. Tables come as two namespaces, one for each schema. */
export * as accounts from "./accounts/schema.ts";
export type { Tally } from "./chain/columns.ts";
export * as chain from "./chain/schema.ts";
export type { Database, Sql } from "./database.ts";
export { isDatabaseAway } from "./isDatabaseAway.ts";
export { openDatabase } from "./openDatabase.ts";
export { type StatementValue, statement } from "./statement.ts";
