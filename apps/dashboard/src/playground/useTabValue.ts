"use client";
/** A text that a visitor's tab remembers: over a reload, and no longer than the tab. */
import { useSyncExternalStore } from "react";

const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Empty where nothing is remembered. */
export function useTabValue(name: string): readonly [string, (value: string) => void] {
  const value = useSyncExternalStore(
    subscribe,
    () => sessionStorage.getItem(name) ?? "",
    () => "",
  );
  const set = (next: string) => {
    sessionStorage.setItem(name, next);
    for (const listener of listeners) listener();
  };
  return [value, set];
}
