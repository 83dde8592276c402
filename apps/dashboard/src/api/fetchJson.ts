/** One GET of the API: JSON on success, an ApiError with the API's own words on anything else. */
import { ApiError } from "./ApiError.ts";

const timeoutMs = 15_000;

/** `path` begins with a slash; the server of the pages passes it on to the API. */
export async function fetchJson<Reply>(path: string, signal?: AbortSignal): Promise<Reply> {
  const response = await send(path, signal);
  if (!response.ok) throw await faultOf(response);
  return (await response.json()) as Reply;
}

async function send(path: string, signal: AbortSignal | undefined): Promise<Response> {
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    return await fetch(path, {
      headers: { accept: "application/json" },
      signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
    });
  } catch (error) {
    if (signal?.aborted === true) throw error;
    throw unreachable(error);
  }
}

export function unreachable(error: unknown): ApiError {
  const slow = error instanceof DOMException && error.name === "TimeoutError";
  return new ApiError({
    status: 0,
    code: "API_UNREACHABLE",
    message: slow
      ? `No answer within ${timeoutMs / 1000} seconds.`
      : "The connection was refused or broke off.",
    hint: "If you run the network on this machine, check that `npm start` is still running. The page tries again by itself.",
  });
}

type ErrorReply = {
  readonly error?: {
    readonly message?: string;
    readonly r3mes_code?: string;
    readonly hint?: string;
    readonly request_id?: string;
  };
};

/** Reads the error body; a reply without one (a proxy's, say) is told by its status. */
export async function faultOf(response: Response): Promise<ApiError> {
  const body = (await response.json().catch(() => ({}))) as ErrorReply;
  return new ApiError({
    status: response.status,
    code: body.error?.r3mes_code ?? `HTTP_${response.status}`,
    message: body.error?.message ?? `The reply was ${response.status} ${response.statusText}.`,
    hint: body.error?.hint,
    requestId: body.error?.request_id ?? response.headers.get("x-request-id") ?? undefined,
  });
}
