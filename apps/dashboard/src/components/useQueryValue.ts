"use client";
/** The values in a page's address. What is no whole number is no number, and what is too long names nothing. */
import { useSearchParams } from "next/navigation";

export function useQueryNumber(name: string): number | null {
  const text = useSearchParams().get(name);
  return text !== null && /^\d{1,15}$/.test(text) ? Number(text) : null;
}

/** Longer than any address or hash. */
const textMax = 128;

export function useQueryText(name: string): string | null {
  const text = useSearchParams().get(name);
  return text === null || text === "" || text.length > textMax ? null : text;
}
