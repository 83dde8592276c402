/**
 * The kinds of column that the chain's tables are made of. Money and other 64-bit sums are whole numbers of arbitrary size
 * and reach JavaScript as `bigint`; counters of the chain (heights, numbers of records) stay far below 2^53.
 */
import { bigint, integer, jsonb, numeric, text } from "drizzle-orm/pg-core";

/** A height or a number that the chain gave: 64 bits there, a safe integer here. */
export const counter = (name: string) => bigint(name, { mode: "number" });

/** An unsigned or signed 64-bit sum: uremes, multiply-adds, losses. Never a float. */
export const sum = (name: string) => numeric(name, { mode: "bigint", precision: 20, scale: 0 });

/** A count of 32 bits. */
export const count = (name: string) => integer(name);

/** How many records each word is said of; a word that is said of none is not in it. */
export type Tally = Readonly<Record<string, number>>;
export const tally = (name: string) => jsonb(name).$type<Tally>();

/** Bytes as lower-case hexadecimal: what people search for and compare. */
export const hex = (name: string) => text(name);

/** An enum of the protocol by its lower-case name without prefix. */
export const word = (name: string) => text(name);
