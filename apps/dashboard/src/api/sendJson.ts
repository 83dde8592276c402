/** A call that changes something, or that a key opens: with what it says, and a refusal in the API's own words. */
import { faultOf, unreachable } from "./fetchJson.ts";

export type Call = {
  readonly body?: object;
  /** An API key; empty where the server of the pages knows the local one. */
  readonly key?: string;
  readonly signal?: AbortSignal;
};

export async function sendJson<Reply>(
  method: "GET" | "POST" | "DELETE",
  path: string,
  { body, key = "", signal }: Call = {},
): Promise<Reply> {
  const response = await fetch(path, {
    method,
    headers: {
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...(key === "" ? {} : { authorization: `Bearer ${key}` }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(signal === undefined ? {} : { signal }),
  }).catch((error) => {
    throw signal?.aborted === true ? error : unreachable(error);
  });
  if (!response.ok) throw await faultOf(response);
  return (await response.json()) as Reply;
}
