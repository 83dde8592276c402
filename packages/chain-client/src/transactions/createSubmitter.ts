/**
 * Sends messages and says what became of them. A transaction is signed once and its bytes are offered until a block holds
 * them or their timeout has passed, so it is executed at most once whatever is repeated. Only what is known to be
 * transient is tried again.
 */
import { equalBytes, R3mesError } from "@r3mes/protocol";
import { followBlocks } from "../events/followBlocks.ts";
import { queryAccount } from "../queries/queryAccount.ts";
import { queryGasPrice } from "../queries/queryGasPrice.ts";
import type { ChainRpc, ExecutionResult } from "../rpc/chainRpc.ts";
import type { ChainMessage } from "./chainMessage.ts";
import { estimateGas } from "./estimateGas.ts";
import { isAlreadyKnown, isTransient, refusal } from "./refusal.ts";
import type { Signer } from "./signer.ts";
import { signTransaction, unsignedTransaction } from "./signTransaction.ts";
import type { Ordering } from "./transactionDraft.ts";

export interface SubmitterOptions {
  readonly chainId: string;
  readonly address: string;
  /** How long a transaction may wait for its block, by the chain's own time. */
  readonly lifetimeMs: number;
  /** Between two looks at the chain. */
  readonly pollMs: number;
  /** Gas asked for above the estimate, in per cent. */
  readonly gasMarginPercent: number;
}

export interface SubmitterDeps {
  readonly rpc: ChainRpc;
  readonly signer: Signer;
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
  /** Called with the signed bytes before they leave, for whoever keeps a journal. */
  readonly onSigned?: (signed: SignedTransaction) => Promise<void>;
}

export interface SignedTransaction {
  readonly bytes: Uint8Array;
  /** Chain time after which the bytes are dead, in nanoseconds since 1970. */
  readonly timeout: bigint;
  /** Height of the chain when the bytes were signed: they are in no block before it. */
  readonly signedAt: bigint;
}

export interface Inclusion {
  readonly height: bigint;
  /** Place in the block. */
  readonly index: number;
  readonly result: ExecutionResult;
}

export interface Submitter {
  /** All messages in one transaction: all take effect or none. */
  submit(messages: readonly ChainMessage[], options?: SubmitOptions): Promise<Inclusion>;
  /** Signs, tells `onSigned`, and sends nothing. */
  sign(messages: readonly ChainMessage[], options?: SubmitOptions): Promise<SignedTransaction>;
  /** Signs for later, tells nobody and sends nothing: the bytes are the caller's to keep, and to `resume` when their time has come. */
  prepare(messages: readonly ChainMessage[], options: PrepareOptions): Promise<SignedTransaction>;
  /** Offers bytes that were signed before, after a restart. */
  resume(signed: SignedTransaction, signal?: AbortSignal): Promise<Inclusion>;
}

export interface SubmitOptions {
  readonly memo?: string;
  /** Skips the estimate. */
  readonly gas?: bigint;
  readonly signal?: AbortSignal;
}

/** What cannot be executed yet cannot be estimated. */
export interface PrepareOptions {
  readonly gas: bigint;
  /** How long the bytes shall live, by the chain's own time; a chain takes at most ten minutes. */
  readonly lifetimeMs: number;
}

/** A simulation does not bound its gas, but it takes the fee, and what is done with a fee costs gas too. */
const gasOfEstimate = 500_000n;

export function createSubmitter(options: SubmitterOptions, deps: SubmitterDeps): Submitter {
  const { rpc, signer } = deps;
  let accountNumber: bigint | undefined;
  const timeouts = new Set<bigint>();

  async function sign(
    messages: readonly ChainMessage[],
    { gas, memo = "", lifetimeMs = options.lifetimeMs }: SubmitOptions & Partial<PrepareOptions>,
  ): Promise<SignedTransaction> {
    const status = await rpc.status();
    if (status.chainId !== options.chainId) {
      throw new R3mesError({
        code: "CHAIN_ID_WRONG",
        expected: options.chainId,
        actual: status.chainId,
      });
    }
    accountNumber ??= (await queryAccount(rpc, options.address)).accountNumber;
    const context = { chainId: options.chainId, accountNumber, address: options.address };
    const price = await queryGasPrice(rpc);
    const timeout = freeTimeout(status.latestTime, lifetimeMs);
    const ordering: Ordering = { kind: "unordered", timeout };
    const draft = (gasLimit: bigint) => ({
      messages,
      memo,
      ordering,
      gas: gasLimit,
      fee: feeOf(gasLimit, price),
    });
    const limit =
      gas ??
      (await estimateWithMargin(await unsignedTransaction(draft(gasOfEstimate), context, signer)));
    const bytes = await signTransaction(draft(limit), context, signer);
    return { bytes, timeout, signedAt: status.latestHeight };
  }

  /** Two transactions of one sender never share a timeout, which is what makes them different. */
  function freeTimeout(chainTime: bigint, lifetimeMs: number): bigint {
    for (const timeout of timeouts) if (timeout < chainTime) timeouts.delete(timeout);
    let timeout = chainTime + BigInt(lifetimeMs) * 1_000_000n;
    while (timeouts.has(timeout)) timeout += 1n;
    timeouts.add(timeout);
    return timeout;
  }

  async function estimateWithMargin(transaction: Uint8Array): Promise<bigint> {
    const used = await estimateGas(rpc, transaction);
    return (used * BigInt(100 + options.gasMarginPercent) + 99n) / 100n;
  }

  async function resume(signed: SignedTransaction, signal?: AbortSignal): Promise<Inclusion> {
    const refused = await offer(signed, options, deps, signal);
    // A block that holds the bytes is a reason to refuse them, for a node that has restarted since: it has forgotten having had them.
    const last = refused && (await rpc.status()).latestHeight;
    if (last !== undefined && last <= signed.signedAt) throw refused;
    const blocks = followBlocks(
      { from: signed.signedAt + 1n, pollMs: options.pollMs, ...(signal ? { signal } : {}) },
      { rpc, sleep: deps.sleep },
    );
    for await (const block of blocks) {
      const index = block.transactions.findIndex(({ bytes }) => equalBytes(bytes, signed.bytes));
      if (index >= 0) return included(block.height, index, block.transactions[index]!.result);
      if (block.time > signed.timeout || block.height === last) break;
    }
    // Whoever stopped waiting does not know what became of the bytes.
    signal?.throwIfAborted();
    throw refused ?? new R3mesError({ code: "TRANSACTION_EXPIRED", timeout: signed.timeout });
  }

  async function signAndTell(
    messages: readonly ChainMessage[],
    submitOptions: SubmitOptions = {},
  ): Promise<SignedTransaction> {
    const signed = await sign(messages, submitOptions);
    await deps.onSigned?.(signed);
    return signed;
  }

  return {
    sign: signAndTell,
    prepare: sign,
    resume,
    async submit(messages, submitOptions = {}) {
      return resume(await signAndTell(messages, submitOptions), submitOptions.signal);
    },
  };
}

/** Returns why the node does not take the bytes, if it does not. */
async function offer(
  { bytes, timeout }: SignedTransaction,
  { pollMs }: SubmitterOptions,
  { rpc, sleep }: SubmitterDeps,
  signal?: AbortSignal,
): Promise<R3mesError | undefined> {
  for (;;) {
    const answer = await rpc.broadcast(bytes);
    if (answer.code === 0 || isAlreadyKnown(answer)) return undefined;
    if (!isTransient(answer)) return refusal(answer);
    await sleep(pollMs, signal);
    signal?.throwIfAborted();
    if ((await rpc.status()).latestTime > timeout) return undefined;
  }
}

function included(height: bigint, index: number, result: ExecutionResult): Inclusion {
  if (result.code !== 0) throw refusal(result, { height });
  return { height, index, result };
}

/** Rounded up, so that the chain's minimum is met to the unit. */
function feeOf(gas: bigint, pricePerMillion: bigint): bigint {
  return (gas * pricePerMillion + 999_999n) / 1_000_000n;
}
