/** The one door of the package. */
export { decodeEvent } from "./events/decodeEvent.ts";
export {
  type FollowDeps,
  type FollowedBlock,
  type FollowOptions,
  followBlocks,
} from "./events/followBlocks.ts";
export {
  createMnemonic,
  type DeriveKey,
  isMnemonic,
  openKeystore,
  openMnemonic,
  sealKeystore,
  signerOf,
} from "./keystore/keystore.ts";
export { isSignedText, type SignedText, textSignDoc } from "./keystore/signedText.ts";
export {
  type WalletChainInfo,
  type WalletChainOptions,
  type WalletCurrency,
  walletChainInfo,
} from "./keystore/walletChainInfo.ts";
export { listAll } from "./queries/listAll.ts";
export { type Account, queryAccount } from "./queries/queryAccount.ts";
export { queryAdapterCid } from "./queries/queryAdapterCid.ts";
export { type DecodeAnswer, queryTransport } from "./queries/queryTransport.ts";
export type {
  BlockData,
  BlockResults,
  ChainRpc,
  CheckResult,
  ExecutionResult,
  NodeStatus,
  QueryResult,
  RawEvent,
} from "./rpc/chainRpc.ts";
export { connectRpc } from "./rpc/connectRpc.ts";
export { lazyRpc } from "./rpc/lazyRpc.ts";
export { type ChainMessage, chainMessage } from "./transactions/chainMessage.ts";
export {
  type ClosedRecord,
  createDurableSubmitter,
  type DurableSubmitter,
  type DurableSubmitterDeps,
  type SignedRecord,
  type TransactionRecord,
} from "./transactions/createDurableSubmitter.ts";
export {
  createSubmitter,
  type Inclusion,
  type PrepareOptions,
  type SignedTransaction,
  type SubmitOptions,
  type Submitter,
  type SubmitterDeps,
  type SubmitterOptions,
} from "./transactions/createSubmitter.ts";
export { estimateGas } from "./transactions/estimateGas.ts";
export { isEndOfTransaction } from "./transactions/isEndOfTransaction.ts";
export { keepOpenTransactions } from "./transactions/keepOpenTransactions.ts";
export { messagesOf } from "./transactions/messagesOf.ts";
export { type ChainRefusal, refusal } from "./transactions/refusal.ts";
export { sendMessage } from "./transactions/sendMessage.ts";
export { accountOf, type Signer, type SignerAccount } from "./transactions/signer.ts";
export {
  signTransaction,
  unsignedTransaction,
} from "./transactions/signTransaction.ts";
export type {
  Ordering,
  SigningContext,
  TransactionDraft,
} from "./transactions/transactionDraft.ts";
