/** Where drizzle-kit finds the schema `accounts`, and where it writes its migrations. */
import { defineConfig } from "drizzle-kit";

export default defineConfig({
  dialect: "postgresql",
  schema: "./src/accounts/schema.ts",
  out: "./migrations/accounts",
});
