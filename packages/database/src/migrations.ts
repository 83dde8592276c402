/** The migrations of both schemas, as drizzle's migrators take them. Each schema counts its own. */
import { join } from "node:path";

const folder = join(import.meta.dirname, "../migrations");

export const migrations = (["chain", "accounts"] as const).map((schema) => ({
  migrationsFolder: join(folder, schema),
  migrationsSchema: "migrations",
  migrationsTable: schema,
}));
