"use client";
/** The API key that a visitor pasted: kept in this tab, forgotten with it, sent nowhere but to the API. */
import { useSyncExternalStore } from "react";

const name = "r3mes-key";
const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useKey(): readonly [string, (key: string) => void] {
  const key = useSyncExternalStore(
    subscribe,
    () => sessionStorage.getItem(name) ?? "",
    () => "",
  );
  const set = (next: string) => {
    sessionStorage.setItem(name, next.trim());
    for (const listener of listeners) listener();
  };
  return [key, set];
}
