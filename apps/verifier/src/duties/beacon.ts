/**
 * The verifier's share of the beacon: a secret committed an epoch ahead, opened in its epoch. Source: spec/encoding.md section 9.
 *
 * Who has promised a secret and is killed has a few blocks to come back in. So the transaction that opens it is signed with the promise,
 * and written down with it: whoever comes back has only to offer bytes, before it has opened a key or asked for an estimate.
 */
import { chainMessage, isEndOfTransaction } from "@r3mes/chain-client";
import { beaconCommitment, decodeAddress, fromHex, R3mesError, toHex } from "@r3mes/protocol";
import { type Epoch, MsgCommitBeaconSchema, MsgRevealBeaconSchema } from "@r3mes/protocol/messages";
import type { VerifierDeps, VerifierOptions } from "../verifierDeps.ts";
import type { SecretRecord, SignedOpening } from "../verifierRecord.ts";

/** A transaction that is sent now is in one of so many next blocks; what comes after the epoch's last is refused, and its fee lost. */
const underWayBlocks = 2n;
/** What opens a secret lives until the reveals of its epoch have ended, on every preset; a chain takes ten minutes at most. */
const openingLifetimeMs = 300_000;
/** An epoch that has not begun cannot be asked for an estimate. Where some hundred verifiers reveal this is not enough, and one is made. */
const openingGas = 400_000n;

export type BeaconDeps = Pick<VerifierDeps, "journal" | "prepare" | "offer" | "submit">;

export interface Beacon {
  /**
   * Commits to the next epoch once, in the second half of this one: a promise that is made later has less time in which its verifier may
   * be killed before it is kept. A commitment that did not reach a block is sent again while there is time, always of the same secret.
   */
  commit(height: bigint): Promise<boolean>;
  /** The last height at which it is too early for a reveal that is sent then. */
  openAfter(epoch: bigint): bigint | undefined;
  reveal(epoch: bigint): Promise<boolean>;
}

export function createBeacon(
  options: VerifierOptions,
  deps: BeaconDeps & Pick<VerifierDeps, "query" | "salt" | "log">,
): Beacon {
  let committed = 0n;
  const opener = createOpener(options, deps);
  const promise = async (current: Epoch | undefined, epoch: bigint): Promise<SecretRecord> => {
    const secret = toHex(deps.salt());
    const record: SecretRecord = { kind: "secret", epoch: String(epoch), secret };
    const opening = current && (await opener.sign(current, record));
    const whole = opening === undefined ? record : { ...record, opening };
    await deps.journal.append(whole);
    return whole;
  };
  /** False when the epoch began before: then there is nothing to do until the next one's time. */
  const send = async (epoch: bigint, { secret }: SecretRecord): Promise<boolean> => {
    const verifier = decodeAddress(options.owner);
    const { chainId: chain, operator } = options;
    const commitment = beaconCommitment({ chain, epoch, verifier, secret: fromHex(secret) });
    try {
      await deps.submit([chainMessage(MsgCommitBeaconSchema, { operator, epoch, commitment })]);
      return true;
    } catch (error) {
      const code = error instanceof R3mesError ? error.code : undefined;
      // It is in a block since a former attempt, of this life or of the one before.
      if (code === "BEACON_COMMITMENT_EXISTS") return true;
      if (code !== "BEACON_EPOCH_WRONG") throw error;
      deps.log.info({ epoch: String(epoch) }, "too late to commit to the beacon of this epoch");
      return false;
    }
  };
  return {
    async commit(height) {
      const { current } = await deps.query.beacon({});
      if (current !== undefined && !isTime(current, height)) return false;
      const epoch = (current?.number ?? 0n) + 1n;
      if (committed === epoch) return false;
      const isSent = await send(epoch, findSecret(deps, epoch) ?? (await promise(current, epoch)));
      committed = epoch;
      return isSent;
    },
    openAfter: opener.openAfter,
    reveal: opener.reveal,
  };
}

/** Opens secrets that were promised: by the bytes that were signed with the promise, or by new ones where those can serve no more. */
export function createOpener(
  { operator }: Pick<VerifierOptions, "operator">,
  deps: BeaconDeps,
): Pick<Beacon, "openAfter" | "reveal"> & {
  sign(current: Epoch, record: SecretRecord): Promise<SignedOpening>;
} {
  /** Epochs whose signed bytes have ended, in a refusal or by their age. */
  const spent = new Set<bigint>();
  const messageOf = ({ epoch, secret }: SecretRecord) =>
    chainMessage(MsgRevealBeaconSchema, {
      operator,
      epoch: BigInt(epoch),
      secret: fromHex(secret),
    });
  const readyOpening = (epoch: bigint) =>
    spent.has(epoch) ? undefined : findSecret(deps, epoch)?.opening;
  return {
    async sign({ startHeight, endHeight, revealEndHeight }, record) {
      const terms = { gas: openingGas, lifetimeMs: openingLifetimeMs };
      const signed = await deps.prepare([messageOf(record)], terms);
      return {
        bytes: toHex(signed.bytes),
        timeout: String(signed.timeout),
        signedAt: String(signed.signedAt),
        after: String(endHeight + 1n),
        until: String(endHeight + 1n + revealEndHeight - startHeight),
      };
    },
    openAfter(epoch) {
      const opening = readyOpening(epoch);
      return opening && BigInt(opening.after);
    },
    async reveal(epoch) {
      const record = findSecret(deps, epoch);
      if (record === undefined) throw new R3mesError({ code: "SECRET_NOT_IN_JOURNAL", epoch });
      const opening = readyOpening(epoch);
      const isOpened = opening !== undefined && (await offered(epoch, opening));
      if (!isOpened) await deps.submit([messageOf(record)]);
      return true;
    },
  };

  /** False if the bytes have ended otherwise than in a block that took them. */
  async function offered(epoch: bigint, { bytes, timeout, signedAt }: SignedOpening) {
    const [end, since] = [BigInt(timeout), BigInt(signedAt)];
    try {
      await deps.offer({ bytes: fromHex(bytes), timeout: end, signedAt: since });
      return true;
    } catch (error) {
      if (!isEndOfTransaction(error)) throw error;
      spent.add(epoch);
      return false;
    }
  }
}

/** The first epoch is that of the genesis and ends with it; one of few blocks has no time to wait in. */
function isTime({ number, startHeight, endHeight }: Epoch, height: bigint): boolean {
  const left = endHeight - height;
  const half = (endHeight - startHeight + 1n) / 2n;
  const most = half < underWayBlocks ? underWayBlocks : half;
  return number === 0n || (left <= most && left >= underWayBlocks);
}

function findSecret(deps: Pick<VerifierDeps, "journal">, epoch: bigint): SecretRecord | undefined {
  return deps.journal.records.findLast(
    (record): record is SecretRecord => record.kind === "secret" && record.epoch === String(epoch),
  );
}
