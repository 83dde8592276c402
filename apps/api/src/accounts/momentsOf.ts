/** An end that has passed, beside the moment by which it has: who reads both sees which clock is wrong. */
export function momentsOf(end: Date, nowMs: number) {
  return { at: end.toISOString(), now: new Date(nowMs).toISOString() };
}
