"use client";
/** The session that a wallet opened, remembered as its key is: whoever reloads can still end it. */
import type { Session } from "./signIn.ts";
import { useTabValue } from "./useTabValue.ts";

export function useSession(): readonly [Session | null, (session: Session | null) => void] {
  const [kept, keep] = useTabValue("r3mes-session");
  const session = kept === "" ? null : (JSON.parse(kept) as Session);
  return [session, (next) => keep(next === null ? "" : JSON.stringify(next))];
}
