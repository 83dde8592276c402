/** The models that answer now: the bare one, and each version of an adapter. */
import type { ServedModel } from "../api/records.ts";
import { sendJson } from "../api/sendJson.ts";

export async function fetchModels(
  key: string,
  signal: AbortSignal,
): Promise<readonly ServedModel[]> {
  const { data } = await sendJson<{ readonly data: readonly ServedModel[] }>("GET", "/v1/models", {
    ...{ key, signal },
  });
  return data;
}
