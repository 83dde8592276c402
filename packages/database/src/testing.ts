/** What tests of other packages need of the tables' past. */
export { migrations } from "./migrations.ts";
