"use client";
/** The values in a page's address. What is no whole number is no number. */
import { useSearchParams } from "next/navigation";

export function useQueryNumber(name: string): number | null {
  const text = useSearchParams().get(name);
  return text !== null && /^\d{1,15}$/.test(text) ? Number(text) : null;
}

export function useQueryText(name: string): string | null {
  const text = useSearchParams().get(name);
  return text === null || text === "" ? null : text;
}
