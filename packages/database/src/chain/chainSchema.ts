/** The PostgreSQL schema that the indexer alone writes. Everything in it can be made again from the chain. */
import { pgSchema } from "drizzle-orm/pg-core";

export const chainSchema = pgSchema("chain");
