/** Moves of a case as the vectors write them: bytes in hex, lists of hashes joined. */
import { toHex } from "@r3mes/protocol";
import type { ListItem, TileExecution, TracePost } from "../dispute/moves.ts";

export type Json = { readonly [field: string]: unknown };

export type VectorMove =
  | { readonly post: TracePost }
  | { readonly pinpoint: number }
  | { readonly execute: TileExecution };

/** @param about what the case is about: an execution shows items of an update, or updates of a sum */
export function moveJson(move: VectorMove, about: "update" | "sum"): Json {
  if ("pinpoint" in move) return move;
  if ("post" in move) return { post: postJson(move.post) };
  const { inputs, items = [], updates = [] } = move.execute;
  return {
    execute: {
      inputs: inputs.map(({ payload, siblings, tensor, ...range }) => ({
        ...range,
        payload: toHex(payload),
        siblings: hexes(siblings),
        tensorIndex: tensor.index,
        tensorSiblings: hexes(tensor.siblings),
      })),
      ...(about === "update"
        ? { items: items.map(itemJson) }
        : {
            updates: updates.map(({ tensor, signs }) => ({
              tensor: itemJson(tensor),
              signs: itemJson(signs),
            })),
          }),
    },
  };
}

function postJson({ children, update, record, sumsRoot }: TracePost): Json {
  return {
    children: hexes(children),
    ...(update && { update: { ...update, signsRoot: toHex(update.signsRoot) } }),
    ...(sumsRoot && { traceRoot: toHex(sumsRoot) }),
    ...(record && {
      record: toHex(record.bytes),
      recordIndex: record.proof.index,
      recordSiblings: hexes(record.proof.siblings),
    }),
  };
}

function itemJson({ content, proof }: ListItem): Json {
  return { content: toHex(content), index: proof.index, siblings: hexes(proof.siblings) };
}

function hexes(hashes: readonly Uint8Array[]): string {
  return hashes.map(toHex).join("");
}
