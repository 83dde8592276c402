/** Programs of a small decoder as members of one machine, and what they compute one after the other. */
import { type BitnetShape, buildDecodeProgram, buildForwardProgram } from "@r3mes/models";
import { TINY_ADAPTER, TINY_SHAPE, tinyWeights } from "@r3mes/models/testing";
import { noise } from "@r3mes/protocol";
import type { Session, SharedBackend } from "../backends/backend.ts";
import { packBlock } from "../tensor/storage.ts";

export const decode = (sequences: number, length: number, shape: BitnetShape = TINY_SHAPE) =>
  buildDecodeProgram(shape, { sequences, length, adapter: TINY_ADAPTER });
export const decodeWeights = tinyWeights(
  buildForwardProgram(TINY_SHAPE, { sequences: 1, length: 1, adapter: null }),
  3,
);
export const decodeMembers = [
  { program: decode(1, 8), state: "piece" },
  { program: decode(1, 1), state: "tokens" },
  { program: decode(4, 1), state: "tokens" },
];

export function begin({ program, write }: Session, filled: number, seed: number): void {
  for (const { name, rows, columns } of program.tensors) {
    if (name === "position")
      write(
        name,
        packBlock("i32", rows, 1, () => filled),
      );
    const draw = (row: number, column: number) => noise(seed, 0, 0, row, column) % 32;
    if (name === "tokens") write(name, packBlock("i32", rows, columns, draw));
  }
}

/** What a decoder does: a token of four texts, one more of the first, a piece elsewhere, then all four again. */
export async function decodeScores(backend: SharedBackend): Promise<Uint8Array[]> {
  const [piece, one, four] = (await backend.prepareAll(decodeMembers, decodeWeights)) as [
    Session,
    Session,
    Session,
  ];
  const scores: Uint8Array[] = [];
  for (const [session, filled] of [
    [four, 0],
    [one, 1],
    [piece, 0],
    [four, 2],
  ] as const) {
    begin(session, filled, scores.length);
    await session.run();
    scores.push((await session.read("score")).slice());
  }
  await piece.close();
  return scores;
}
