/** What a transaction says before anybody has signed it, and whom it is signed for. */
import type { StdFee } from "@cosmjs/amino";
import type { ChainMessage } from "./chainMessage.ts";

/**
 * Unordered transactions carry no sequence: the pair (sender, timeout) makes them unique, and after the timeout they can never
 * be executed. Ordered ones are for wallets that ask for them.
 */
export type Ordering =
  | { readonly kind: "unordered" /** Nanoseconds since 1970. */; readonly timeout: bigint }
  | { readonly kind: "ordered"; readonly sequence: bigint };

export interface TransactionDraft {
  readonly messages: readonly ChainMessage[];
  readonly ordering: Ordering;
  readonly gas: bigint;
  /** In uremes. */
  readonly fee: bigint;
  readonly memo?: string;
}

export interface SigningContext {
  readonly chainId: string;
  readonly accountNumber: bigint;
  readonly address: string;
}

/** Gas and fee as wallets are shown them. */
export function stdFee({ gas, fee }: TransactionDraft): StdFee {
  return { gas: String(gas), amount: [{ denom: "uremes", amount: String(fee) }] };
}
