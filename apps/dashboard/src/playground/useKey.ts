"use client";
/** The API key that a visitor pasted: kept in this tab, forgotten with it, sent nowhere but to the API. */
import { useTabValue } from "./useTabValue.ts";

export function useKey(): readonly [string, (key: string) => void] {
  const [key, set] = useTabValue("r3mes-key");
  return [key, (next) => set(next.trim())];
}
