/** Which tone a state of the protocol has. A state that this table does not know is shown plainly. */

export type Tone = "plain" | "info" | "good" | "warn" | "bad";

const tones: ReadonlyMap<string, Tone> = new Map<string, Tone>([
  ["training", "info"],
  ["reveal", "info"],
  ["audit", "info"],
  ["aggregation", "info"],
  ["leased", "info"],
  ["committed", "info"],
  ["revealed", "info"],
  ["drawn", "info"],
  ["audited", "info"],
  ["open", "info"],
  ["opening", "info"],
  ["commit", "info"],
  ["provisional", "info"],
  ["complete", "good"],
  ["accepted", "good"],
  ["mature", "good"],
  ["valid", "good"],
  ["settled", "good"],
  ["approved", "good"],
  ["ok", "good"],
  ["carriedover", "warn"],
  ["disputed", "warn"],
  ["uncounted", "warn"],
  ["cannotcheck", "warn"],
  ["expired", "warn"],
  ["dropped", "warn"],
  ["faulty", "bad"],
  ["invalid", "bad"],
  ["updateinvalid", "bad"],
  ["recalled", "bad"],
  ["convicted", "bad"],
  ["defendersilent", "bad"],
  ["failed", "bad"],
]);

export function toneOf(word: string): Tone {
  return tones.get(word.toLowerCase().replace(/[^a-z]/g, "")) ?? "plain";
}
