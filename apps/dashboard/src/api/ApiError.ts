/** An answer of the API that is no success, in the words that it gave. */

export type ApiFault = {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly hint?: string | undefined;
  readonly requestId?: string | undefined;
};

export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly status: number;
  readonly code: string;
  readonly hint: string | undefined;
  readonly requestId: string | undefined;

  constructor({ status, code, message, hint, requestId }: ApiFault) {
    super(message);
    this.status = status;
    this.code = code;
    this.hint = hint;
    this.requestId = requestId;
  }

  /** The kind of failure in a few words. */
  get title(): string {
    if (this.code === "API_UNREACHABLE") return "The API does not answer";
    if (this.code === "STREAM_CUT") return "The answer broke off";
    if (this.status === 404) return "Not found";
    if (this.status === 429) return "Too many requests";
    if (this.status === 503) return "A part of the network is not ready";
    return this.status < 500 ? "The request was refused" : "The API failed";
  }
}
