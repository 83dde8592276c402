/** What a miner says of itself: the chunk in hand, what is due and by when, what was earned. Also its numbers for Prometheus. */
import {
  type Computed,
  createPaySum,
  createWithdrawal,
  type DescribedDuty,
  describeDuties,
  type Participant,
  type StatusBoard,
} from "@r3mes/participant";
import type { Duty } from "@r3mes/protocol/messages";

export interface MinerStatus {
  readonly role: "miner";
  readonly address: string;
  readonly height: bigint;
  /** The chunk in training; null between two. */
  readonly chunk: {
    readonly lease: bigint;
    readonly step: number;
    /** In bits a token. */
    readonly loss: number;
    /** Of the last step that followed another: before the first of a chunk nobody may have trained for hours. */
    readonly tokensPerSecond: number;
  } | null;
  /** The last chunk that was trained, and what it cost; null before the first. */
  readonly trained: TrainedReport | null;
  /** Of this life, on the device: the steps of all chunks that it trained. */
  readonly computed: Computed;
  readonly duties: readonly DescribedDuty[];
  /** Pools whose leases end before this device could train a chunk; it leases none of theirs. */
  readonly slowFor: readonly bigint[];
  /** The height before which the chain leases it no chunk, because it left some behind; null where it may. */
  readonly pausedUntil: bigint | null;
  /** In uremes. */
  readonly earned: { readonly matured: bigint; readonly paid: bigint };
}

/** What a miner found at a height. */
export interface Look {
  readonly duties: readonly Duty[];
  /** As in the status. */
  readonly slowFor: readonly bigint[];
  readonly pausedUntil: bigint | null;
}

export interface MinerStatusKeeper {
  looked(look: Look): void;
  step(step: StepReport): void;
  trained(chunk: ChunkReport): void;
  /** Shows what was found, and once in a while asks the chain what has matured, and withdraws it. */
  refresh(height: bigint): Promise<void>;
}

export interface StepReport {
  readonly lease: bigint;
  readonly t: number;
  readonly steps: number;
  readonly tokens: number;
  /** Sum over the step's tokens, in bits, Q16. */
  readonly loss: bigint;
}

export interface ChunkReport {
  /** From the first question about it to its journal; where the chunk before it was not done yet, from the end of that. */
  readonly ms: number;
  /** Of that, the time in which the device ran its steps, by the device's own clock. */
  readonly stepsMs: number;
  /** Processor time of its steps. */
  readonly computedMs: number;
  readonly steps: number;
  readonly updateBytes: number;
}

export interface TrainedReport {
  readonly seconds: number;
  /** Share of the time in which the device ran no step of it: what of fetching, hashing, publishing and checking was not done beside one. */
  readonly overheadPercent: number;
  /** What is sent of it; the states of its steps are kept for whoever audits one. */
  readonly updateBytes: number;
}

export function createMinerStatus(
  participant: Participant,
  withdrawFrom: number,
  board: StatusBoard,
): MinerStatusKeeper {
  const { address, journal, metrics, clock } = participant;
  const steps = metrics.counter({ name: "r3mes_miner_steps_total", help: "Training steps done." });
  const loss = metrics.gauge({
    name: "r3mes_miner_loss_bits",
    help: "Loss of the last step, bits a token.",
  });
  const paid = metrics.gauge({
    name: "r3mes_miner_paid_uremes",
    help: "Rewards withdrawn so far.",
  });
  const stepSeconds = metrics.counter({
    name: "r3mes_miner_step_seconds_total",
    help: "Time in which the device ran training steps, by its own clock; states are hashed and published beside them.",
  });
  const overhead = metrics.gauge({
    name: "r3mes_miner_overhead_ratio",
    help: "Share of the last chunk's time in which the device ran no step of it: from its lease's record, or the end of the chunk before it, to its journal.",
  });
  const updateBytes = metrics.gauge({
    name: "r3mes_miner_update_bytes",
    help: "Size of the last chunk's encoded update.",
  });
  const paidSoFar = createPaySum(journal);
  let shown: Omit<MinerStatus, "chunk" | "trained" | "computed"> | undefined;
  let chunk: MinerStatus["chunk"] = null;
  let trained: MinerStatus["trained"] = null;
  let look: Look = { duties: [], slowFor: [], pausedUntil: null };
  const withdraw = createWithdrawal(address, BigInt(withdrawFrom), participant);
  let computed: Computed = { steps: 0, seconds: 0 };
  const show = () => {
    if (shown === undefined) return;
    board.current = { ...shown, chunk, trained, computed } satisfies MinerStatus;
  };
  let lastStepMs = clock.monotonicMs();
  /** Unknown before the second step of a life, which is the first to be shown. */
  let tokensPerSecond: number | undefined;
  return {
    looked(found) {
      look = found;
    },
    step({ lease, t, steps: all, tokens, loss: sum }) {
      const nowMs = clock.monotonicMs();
      const perToken = Number(sum) / 2 ** 16 / tokens;
      if (t > 1) tokensPerSecond = (1_000 * tokens) / Math.max(1, nowMs - lastStepMs);
      lastStepMs = nowMs;
      steps.inc();
      loss.set(perToken);
      chunk =
        t === all || tokensPerSecond === undefined
          ? null
          : { lease, step: t, loss: perToken, tokensPerSecond };
      show();
    },
    trained({ ms, stepsMs, computedMs, steps: count, updateBytes: bytes }) {
      const share = 1 - stepsMs / ms;
      stepSeconds.inc(stepsMs / 1_000);
      overhead.set(share);
      updateBytes.set(bytes);
      computed = { steps: computed.steps + count, seconds: computed.seconds + computedMs / 1_000 };
      const overheadPercent = Math.round(1_000 * share) / 10;
      trained = { seconds: Math.round(ms) / 1_000, overheadPercent, updateBytes: bytes };
      show();
    },
    async refresh(height) {
      const matured = await withdraw(height);
      const duties = describeDuties(look.duties, height);
      const { slowFor, pausedUntil } = look;
      const earned = { matured, paid: paidSoFar() };
      paid.set(Number(earned.paid));
      shown = { role: "miner", address, height, duties, slowFor, pausedUntil, earned };
      show();
    },
  };
}
