/** The verifier's share of the beacon: a secret committed an epoch ahead, opened in its epoch. Source: spec/encoding.md section 9. */
import { chainMessage } from "@r3mes/chain-client";
import { beaconCommitment, decodeAddress, fromHex, R3mesError, toHex } from "@r3mes/protocol";
import { type Epoch, MsgCommitBeaconSchema, MsgRevealBeaconSchema } from "@r3mes/protocol/messages";
import type { VerifierDeps, VerifierOptions } from "../verifierDeps.ts";
import type { SecretRecord } from "../verifierRecord.ts";

/** A transaction that is sent now is in one of so many next blocks; what comes after the epoch's last is refused, and its fee lost. */
const underWayBlocks = 2n;

/**
 * Commits to the next epoch once, in the second half of this one: a promise that is made later has less time in which its verifier may
 * be killed before it is kept. A commitment of the same secret is harmless to repeat.
 */
export async function commitBeacon(
  options: VerifierOptions,
  deps: VerifierDeps,
  height: bigint,
): Promise<boolean> {
  const { current } = await deps.query.beacon({});
  if (current !== undefined && !isTime(current, height)) return false;
  const epoch = (current?.number ?? 0n) + 1n;
  if (findSecret(deps, epoch) !== undefined) return false;
  const secret = deps.salt();
  await deps.journal.append({
    kind: "secret",
    epoch: String(epoch),
    secret: toHex(secret),
  } satisfies SecretRecord);
  const verifier = decodeAddress(options.owner);
  await deps.submit([
    chainMessage(MsgCommitBeaconSchema, {
      operator: options.operator,
      epoch,
      commitment: beaconCommitment({ chain: options.chainId, epoch, verifier, secret }),
    }),
  ]);
  return true;
}

/** The first epoch is that of the genesis and ends with it; one of few blocks has no time to wait in. */
function isTime({ number, startHeight, endHeight }: Epoch, height: bigint): boolean {
  const left = endHeight - height;
  const half = (endHeight - startHeight + 1n) / 2n;
  const most = half < underWayBlocks ? underWayBlocks : half;
  return number === 0n || (left <= most && left >= underWayBlocks);
}

export async function revealBeacon(
  options: Pick<VerifierOptions, "operator">,
  deps: Pick<VerifierDeps, "journal" | "submit">,
  epoch: bigint,
): Promise<boolean> {
  const record = findSecret(deps, epoch);
  if (record === undefined) throw new R3mesError({ code: "SECRET_NOT_IN_JOURNAL", epoch });
  const secret = fromHex(record.secret);
  await deps.submit([
    chainMessage(MsgRevealBeaconSchema, { operator: options.operator, epoch, secret }),
  ]);
  return true;
}

function findSecret(deps: Pick<VerifierDeps, "journal">, epoch: bigint): SecretRecord | undefined {
  return deps.journal.records.findLast(
    (record): record is SecretRecord => record.kind === "secret" && record.epoch === String(epoch),
  );
}
