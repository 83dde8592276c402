/** The models that answer now: the bare one, and each version of an adapter. */

import { faultOf, unreachable } from "../api/fetchJson.ts";
import type { ServedModel } from "../api/records.ts";

export async function fetchModels(
  key: string,
  signal: AbortSignal,
): Promise<readonly ServedModel[]> {
  const response = await fetch("/v1/models", {
    headers: key === "" ? {} : { authorization: `Bearer ${key}` },
    signal,
  }).catch((error) => {
    throw signal.aborted ? error : unreachable(error);
  });
  if (!response.ok) throw await faultOf(response);
  const { data } = (await response.json()) as { readonly data: readonly ServedModel[] };
  return data;
}
