/** What a miner says of itself: the chunk in hand, what is due and by when, what was earned. Also its numbers for Prometheus. */
import {
  type DescribedDuty,
  describeDuties,
  type Participant,
  paidSoFar,
  type StatusBoard,
  withdrawMatured,
} from "@r3mes/participant";

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
    readonly tokensPerSecond: number;
  } | null;
  readonly duties: readonly DescribedDuty[];
  /** In uremes. */
  readonly earned: { readonly matured: bigint; readonly paid: bigint };
}

export interface MinerStatusKeeper {
  step(step: StepReport): void;
  /** Asks the chain, withdraws what has matured, and shows both. */
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

export function createMinerStatus(
  participant: Participant,
  withdrawFrom: number,
  board: StatusBoard,
): MinerStatusKeeper {
  const { address, query, journal, metrics, clock } = participant;
  const steps = metrics.counter({ name: "r3mes_miner_steps_total", help: "Training steps done." });
  const loss = metrics.gauge({
    name: "r3mes_miner_loss_bits",
    help: "Loss of the last step, bits a token.",
  });
  const paid = metrics.gauge({
    name: "r3mes_miner_paid_uremes",
    help: "Rewards withdrawn so far.",
  });
  let shown: Omit<MinerStatus, "chunk"> | undefined;
  let chunk: MinerStatus["chunk"] = null;
  const show = () => {
    if (shown !== undefined) board.current = { ...shown, chunk } satisfies MinerStatus;
  };
  let lastStepMs = clock.monotonicMs();
  return {
    step({ lease, t, steps: all, tokens, loss: sum }) {
      const nowMs = clock.monotonicMs();
      const perToken = Number(sum) / 2 ** 16 / tokens;
      const tokensPerSecond = (1_000 * tokens) / Math.max(1, nowMs - lastStepMs);
      lastStepMs = nowMs;
      steps.inc();
      loss.set(perToken);
      chunk = t === all ? null : { lease, step: t, loss: perToken, tokensPerSecond };
      show();
    },
    async refresh(height) {
      const { duties } = await query.duties({ operator: address });
      const matured = await withdrawMatured(address, BigInt(withdrawFrom), participant);
      const earned = { matured, paid: paidSoFar(journal) };
      paid.set(Number(earned.paid));
      shown = { role: "miner", address, height, duties: describeDuties(duties, height), earned };
      show();
    },
  };
}
