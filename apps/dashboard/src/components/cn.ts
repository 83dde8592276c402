/** Joins class names and leaves out what does not apply. */

export function cn(...names: readonly (string | false | null | undefined)[]): string {
  return names.filter(Boolean).join(" ");
}
