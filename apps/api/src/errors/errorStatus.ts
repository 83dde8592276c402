/**
 * What a code of the catalogue means over HTTP. Clients of OpenAI decide by status and by `code` whether to try again and what to
 * show, so where OpenAI has a word for a failure, that word is `code`; else it is the catalogue's, in lower case.
 */
import type { ErrorCode } from "@r3mes/protocol";

export interface ErrorMeaning {
  readonly status: number;
  /** OpenAI's class of errors. */
  readonly type: string;
  /** OpenAI's word, where it has one. */
  readonly code?: string;
}

const invalid = (status = 400, code?: string): ErrorMeaning =>
  code === undefined
    ? { status, type: "invalid_request_error" }
    : { status, type: "invalid_request_error", code };

const unavailable: ErrorMeaning = { status: 503, type: "service_unavailable_error" };

const meanings: { readonly [Code in ErrorCode]?: ErrorMeaning } = {
  ACCOUNT_UNKNOWN: invalid(404),
  ADAPTER_NOT_FOUND: invalid(404),
  // To try again is of no use, which a client does for what is unavailable.
  ADAPTER_TOO_LARGE: invalid(404, "model_not_found"),
  ADDRESS_INVALID: invalid(),
  AUDIT_NOT_FOUND: invalid(404),
  BLOCK_NOT_FOUND: invalid(404),
  CASE_NOT_FOUND: invalid(404),
  CHAT_TEMPLATE_INVALID: invalid(),
  CHUNK_NOT_FOUND: invalid(404),
  CID_INVALID: invalid(),
  CLIENT_GONE: invalid(499),
  CONNECTIONS_TOO_MANY: { status: 429, type: "rate_limit_error" },
  CONTENT_CORRUPT: unavailable,
  CONTENT_INCOMPLETE: unavailable,
  CONTENT_TOO_LARGE: invalid(413),
  CONTENT_UNAVAILABLE: unavailable,
  CONTEXT_EXCEEDED: invalid(400, "context_length_exceeded"),
  CREDIT_INSUFFICIENT: { status: 402, type: "insufficient_quota", code: "insufficient_quota" },
  CURSOR_INVALID: invalid(),
  DATASET_NOT_FOUND: invalid(404),
  FAUCET_CLOSED: { status: 403, type: "permission_error" },
  FAUCET_EMPTY: { status: 429, type: "rate_limit_error" },
  FAUCET_WAIT: { status: 429, type: "rate_limit_error" },
  FIELD_UNSUPPORTED: invalid(400, "unsupported_parameter"),
  INFERENCE_UNAVAILABLE: unavailable,
  KEYS_TOO_MANY: invalid(409),
  KEY_CAP_REACHED: { status: 402, type: "insufficient_quota", code: "insufficient_quota" },
  KEY_END_PASSED: invalid(),
  KEY_EXPIRED: invalid(401, "invalid_api_key"),
  KEY_LIMITS_EVADABLE: invalid(),
  KEY_MISSING: invalid(401, "invalid_api_key"),
  KEY_MODEL_DENIED: { status: 403, type: "permission_error" },
  KEY_NOT_FOUND: invalid(404),
  KEY_REVOKED: invalid(401, "invalid_api_key"),
  KEY_ROTATED: invalid(401, "invalid_api_key"),
  KEY_SCOPE_MISSING: { status: 403, type: "permission_error" },
  KEY_UNKNOWN: invalid(401, "invalid_api_key"),
  MODEL_NOT_FOUND: invalid(404),
  MODEL_NOT_SERVED: invalid(404, "model_not_found"),
  NODE_UNREACHABLE: unavailable,
  POOL_NOT_FOUND: invalid(404),
  QUEUE_FULL: unavailable,
  QUEUE_TIMED_OUT: unavailable,
  RATE_EXCEEDED: { status: 429, type: "rate_limit_error", code: "rate_limit_exceeded" },
  REQUEST_INVALID: invalid(),
  REQUEST_TOO_LARGE: invalid(413),
  ROUND_NOT_FOUND: invalid(404),
  ROUTE_NOT_SERVED: invalid(404),
  ROUTE_UNKNOWN: invalid(404),
  SIGN_IN_CLOSED: { status: 403, type: "permission_error" },
  SIGN_IN_EXPIRED: { status: 401, type: "authentication_error" },
  SIGN_IN_SIGNATURE_WRONG: { status: 401, type: "authentication_error" },
  SIGN_IN_UNKNOWN: { status: 401, type: "authentication_error" },
  SUBMISSION_NOT_FOUND: invalid(404),
  TOKEN_OUT_OF_VOCABULARY: invalid(),
  TRANSACTION_NOT_FOUND: invalid(404),
};

/** A code without an entry is a fault of the server. */
export function meaningOf(code: ErrorCode): ErrorMeaning {
  return meanings[code] ?? { status: 500, type: "server_error" };
}
