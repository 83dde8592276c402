/** The one door of the package. */
export { decodeEvent } from "./events/decodeEvent.ts";
export { type FollowedBlock, followBlocks } from "./events/followBlocks.ts";
export {
  createMnemonic,
  type DeriveKey,
  isMnemonic,
  openKeystore,
  openMnemonic,
  sealKeystore,
  signerOf,
} from "./keystore/keystore.ts";
export { isSignedText } from "./keystore/signedText.ts";
export { type WalletChainInfo, walletChainInfo } from "./keystore/walletChainInfo.ts";
export { listAll } from "./queries/listAll.ts";
export { queryAccount } from "./queries/queryAccount.ts";
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
export { type ChainMessage, chainMessage } from "./transactions/chainMessage.ts";
export {
  createDurableSubmitter,
  type DurableSubmitter,
  type TransactionRecord,
} from "./transactions/createDurableSubmitter.ts";
export {
  createSubmitter,
  type Inclusion,
  type PrepareOptions,
  type SignedTransaction,
  type Submitter,
} from "./transactions/createSubmitter.ts";
export { isEndOfTransaction } from "./transactions/isEndOfTransaction.ts";
export { keepOpenTransactions } from "./transactions/keepOpenTransactions.ts";
export { messagesOf } from "./transactions/messagesOf.ts";
export { sendMessage } from "./transactions/sendMessage.ts";
export { accountOf, type Signer } from "./transactions/signer.ts";
