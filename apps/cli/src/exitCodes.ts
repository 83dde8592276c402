/** The one table of exit codes: what each means, and which errors end with it. Public interface. */
import type { ErrorCode } from "@r3mes/protocol";

export const exitCodes = {
  ok: 0,
  failed: 1,
  usage: 2,
  machine: 3,
  network: 4,
  key: 5,
  funds: 6,
  protocol: 7,
  refused: 8,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

export const exitCodeMeanings: { readonly [name in keyof typeof exitCodes]: string } = {
  ok: "done",
  failed: "the command failed",
  usage: "the command line or the configuration is wrong",
  machine: "this machine lacks something: a program, a port, a permission, disk",
  network: "no node, service or localnet answers",
  key: "a key is missing or does not open",
  funds: "an account or a bond holds too little",
  protocol: "the chain or another participant refused it",
  refused: "r3mes refused, because something would be lost",
};

const exitNames: { readonly [code in ErrorCode]?: keyof typeof exitCodes } = {
  ACTION_CANCELLED: "refused",
  ADAPTER_UNKNOWN: "usage",
  API_UNREACHABLE: "network",
  BOND_INSUFFICIENT: "funds",
  BOND_TOO_SMALL: "funds",
  CHAIN_ID_WRONG: "usage",
  CHAIN_REFUSED: "protocol",
  COMMAND_UNKNOWN: "usage",
  CONFIG_INVALID: "usage",
  CONFIG_KEY_UNKNOWN: "usage",
  CONFIG_MALFORMED: "usage",
  CONFIG_SECRET_EXPOSED: "usage",
  CONFIRMATION_NEEDED: "refused",
  CONTENT_NOT_STORED: "machine",
  CONTEXT_EXCEEDED: "usage",
  DATASET_LICENCE_MISSING: "refused",
  DATASET_NOT_BUILT: "usage",
  DATASET_TOO_SMALL: "usage",
  DATASET_UNKNOWN: "usage",
  DISK_FULL: "machine",
  FILE_UNREADABLE: "machine",
  FILE_UNWRITABLE: "machine",
  FOLDER_NOT_WRITABLE: "machine",
  FOLDER_OCCUPIED: "refused",
  FUNDS_INSUFFICIENT: "funds",
  HOME_TAKEN: "refused",
  JOURNAL_CLOSED: "machine",
  JOURNAL_NOT_WRITTEN: "machine",
  KEYSTORE_MALFORMED: "key",
  KEYSTORE_PASSWORD_WRONG: "key",
  KUBO_TOO_OLD: "machine",
  LOCALNET_LOG_UNKNOWN: "usage",
  LOCALNET_NOT_RUNNING: "network",
  LOCALNET_PROCESS_UNKNOWN: "usage",
  LOCALNET_RUNNING: "refused",
  LOCALNET_STATE_CORRUPT: "refused",
  LOCALNET_STATE_FOREIGN: "refused",
  LOCALNET_STORAGE_FIXED: "refused",
  LOCALNET_VALIDATORS_FIXED: "refused",
  MNEMONIC_INVALID: "key",
  MODEL_UNKNOWN: "usage",
  NETWORK_FILE_INVALID: "usage",
  NETWORK_NOT_NAMED: "network",
  NODE_TOO_OLD: "machine",
  NODE_UNREACHABLE: "network",
  PARTICIPANT_EXISTS: "refused",
  PARTICIPANT_NOT_SET_UP: "usage",
  PARTICIPANT_OTHER_ROLE: "usage",
  PARTICIPANT_RUNNING: "refused",
  PEER_UNREACHABLE: "network",
  POOL_BUDGET_INSUFFICIENT: "funds",
  PORT_IN_USE: "machine",
  REMESD_MISSING: "machine",
  STORE_UNREACHABLE: "network",
  TOKENS_FILE_INVALID: "usage",
  TRAINING_CHECKPOINT_DAMAGED: "refused",
  TRAINING_RUN_OTHER: "refused",
  USAGE_INVALID: "usage",
};

/** The exit code of a command that ends with this error: what has none of its own the chain refused, or it just failed. */
export function exitCodeOf(error: { readonly code: ErrorCode; readonly chain: boolean }): ExitCode {
  return exitCodes[exitNames[error.code] ?? (error.chain ? "protocol" : "failed")];
}
