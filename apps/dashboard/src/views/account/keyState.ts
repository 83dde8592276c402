/** Whether a key opens anything, in one word. */
import type { ApiKey } from "../../api/records.ts";

export type KeyState = "open" | "ended" | "taken back";

export function keyState(
  { revoked_at, expires_at }: Pick<ApiKey, "revoked_at" | "expires_at">,
  nowMs: number,
): KeyState {
  if (revoked_at !== null) return "taken back";
  return expires_at !== null && Date.parse(expires_at) <= nowMs ? "ended" : "open";
}
