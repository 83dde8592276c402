/** The points of a loss curve, made from adapter versions: what is drawn, and what is written in the table beside it. */
import type { Adapter } from "../api/records.ts";
import { bitsPerToken } from "../format/lossText.ts";

export type LossPoint = {
  readonly adapterId: number;
  readonly round: number;
  /** Bits per token, or bits in all where the number of tokens is unknown. */
  readonly loss: number;
  readonly status: Adapter["status"];
};

const bitsPerUnit = 65_536;

export function lossPoints(
  adapters: readonly Pick<Adapter, "id" | "round" | "heldOutLoss" | "status">[],
  tokens: number | null,
): readonly LossPoint[] {
  return [...adapters]
    .sort((one, other) => one.id - other.id)
    .map(({ id, round, heldOutLoss, status }) => ({
      adapterId: id,
      round,
      loss: bitsPerToken(heldOutLoss, tokens) ?? Number(BigInt(heldOutLoss)) / bitsPerUnit,
      status,
    }));
}

/** At most `count` of the rounds that have a point, evenly apart, for the axis. */
export function spreadRounds(points: readonly LossPoint[], count: number): number[] {
  const rounds = [...new Set(points.map(({ round }) => round))].sort((one, other) => one - other);
  const step = Math.max(1, Math.ceil(rounds.length / Math.max(1, count)));
  return rounds.filter((_, place) => place % step === 0);
}
