/** What tests need of the tables: their past, and an empty database in little time. */
export { migrations } from "./migrations.ts";
export { openTestDatabase } from "./openTestDatabase.ts";
