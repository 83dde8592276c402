/** Where drizzle-kit finds the schema `chain`, and where it writes its migrations. */
import { defineConfig } from "drizzle-kit";

export default defineConfig({
  dialect: "postgresql",
  schema: "./src/chain/schema.ts",
  out: "./migrations/chain",
});
