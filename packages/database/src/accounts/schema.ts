/** The PostgreSQL schema that the API alone writes: keys and credits. It cannot be made again from the chain. */
import { pgSchema } from "drizzle-orm/pg-core";

export const accountsSchema = pgSchema("accounts");
