/** A duration in its two largest units, for people: `12 s`, `2 h 5 min`, `3 d`. */
const units = [
  { seconds: 86_400, word: "d" },
  { seconds: 3_600, word: "h" },
  { seconds: 60, word: "min" },
  { seconds: 1, word: "s" },
] as const;

export function describeDuration(ms: number): string {
  const seconds = Math.round(ms / 1_000);
  const first = units.findIndex((unit) => seconds >= unit.seconds);
  const [head, next] = units.slice(first === -1 ? units.length - 1 : first);
  const whole = `${Math.floor(seconds / head!.seconds)} ${head!.word}`;
  const rest = next === undefined ? 0 : Math.floor((seconds % head!.seconds) / next.seconds);
  return rest === 0 ? whole : `${whole} ${rest} ${next!.word}`;
}
