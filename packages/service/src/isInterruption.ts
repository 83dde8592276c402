/** Whether it is what an aborted signal throws: what the end of a process interrupts is no failure. */
export function isInterruption(error: unknown): boolean {
  return error instanceof DOMException && error.name === "AbortError";
}
