/** Reads the vectors of spec/vectors for the tests of this package. */
import { readFileSync } from "node:fs";
import { fromHex } from "../encoding/fromHex.ts";
import { R3mesError } from "../errors/R3mesError.ts";

export type Vector = {
  readonly name: string;
  readonly refused?: string;
  // biome-ignore lint/suspicious/noExplicitAny: a vector is JSON whose fields its test names.
  readonly [field: string]: any;
};

/** The cases of a file under spec/vectors. Throws when there is none: an empty test proves nothing. */
export function readVectors(path: string): readonly Vector[] {
  const url = new URL(`../../../../spec/vectors/${path}`, import.meta.url);
  const { cases } = JSON.parse(readFileSync(url, "utf8")) as { cases: readonly Vector[] };
  if (cases.length === 0) throw new Error(`${path} holds no vectors`);
  return cases;
}

/** The code with which a call is refused, or undefined when it returns. */
export function refusalOf(call: () => unknown): string | undefined {
  try {
    call();
    return undefined;
  } catch (error) {
    if (error instanceof R3mesError) return error.code;
    throw error;
  }
}

export function hexes(texts: readonly string[]): Uint8Array[] {
  return texts.map(fromHex);
}
