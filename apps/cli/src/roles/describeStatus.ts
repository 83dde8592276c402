/** The status of a role in one line: the chunk in hand, what is due and by when, what was looked at, what was earned. */
import { z } from "zod";

const amount = z.string().regex(/^\d+$/);

const statusSchema = z.object({
  role: z.string().optional(),
  height: amount,
  chunk: z
    .object({ lease: amount, step: z.number(), loss: z.number(), tokensPerSecond: z.number() })
    .nullish(),
  trained: z
    .object({ seconds: z.number(), overheadPercent: z.number(), updateBytes: z.number() })
    .nullish(),
  computed: z.object({ steps: z.number(), seconds: z.number() }).nullish(),
  duties: z.array(z.object({ what: z.string(), id: amount, blocksLeft: z.number() })),
  slowFor: z.array(amount).optional(),
  pausedUntil: amount.nullish(),
  checked: z.number().optional(),
  earned: z.object({ matured: amount, paid: amount }).optional(),
});

/** Null for what is no such status: the process has just begun. */
export function describeStatus(status: unknown): string | null {
  const parsed = statusSchema.safeParse(status);
  if (!parsed.success) return null;
  const {
    role,
    height,
    chunk,
    trained,
    computed,
    duties,
    slowFor = [],
    pausedUntil,
    checked,
    earned,
  } = parsed.data;
  const parts = [`height ${height}`];
  if (chunk) {
    const { lease, step, loss, tokensPerSecond } = chunk;
    const speed = `${Math.round(tokensPerSecond)} tokens/s`;
    parts.push(`chunk ${lease} step ${step} loss ${loss.toFixed(3)} bits ${speed}`);
  }
  if (trained && !chunk) {
    const { seconds, overheadPercent, updateBytes } = trained;
    const cost = `${seconds.toFixed(1)} s, ${overheadPercent} % of it not training`;
    parts.push(`last chunk ${cost}, update ${updateBytes} bytes`);
  }
  if (role === "verifier" && computed) {
    const { steps, seconds } = computed;
    parts.push(`audited ${steps} ${steps === 1 ? "step" : "steps"} in ${seconds.toFixed(1)} s`);
  }
  for (const { what, id, blocksLeft } of duties)
    parts.push(`${what} ${id} within ${blocksLeft} blocks`);
  if (slowFor.length > 0) parts.push(`too slow for the leases of pool ${slowFor.join(", ")}`);
  if (pausedUntil) parts.push(`left chunks behind: no lease before height ${pausedUntil}`);
  if (checked !== undefined) parts.push(`looked at ${checked}`);
  if (earned) parts.push(`matured ${remes(earned.matured)} paid ${remes(earned.paid)} REMES`);
  return parts.join("  ");
}

function remes(uremes: string): string {
  const hundredths = BigInt(uremes) / 10_000n;
  return `${hundredths / 100n}.${String(hundredths % 100n).padStart(2, "0")}`;
}
