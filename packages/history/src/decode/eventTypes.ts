/** The typed events of the module, and what each is about. */
import type { DescMessage } from "@bufbuild/protobuf";
import { file_remes_v1_events } from "@r3mes/protocol/messages";

export const eventKinds = [
  "round",
  "chunk",
  "audit",
  "case",
  "adapter",
  "reward",
  "participant",
  "registry",
  "beacon",
] as const;

export type EventKind = (typeof eventKinds)[number];

/** By what the name of the event begins with. The first that fits counts. */
const beginnings: readonly (readonly [RegExp, EventKind])[] = [
  [/^(Pool|Round|Attested)/, "round"],
  [/^(Chunk|Lease|Committed|Revealed|Submission)/, "chunk"],
  [/^(Audit|Step|Verdict)/, "audit"],
  [/^(Case|Challenge|Inquiry|Fault|Slashed)/, "case"],
  [/^Adapter/, "adapter"],
  [/^Reward/, "reward"],
  [/^(Operator|Bond|Unbonding)/, "participant"],
  [/^(Beacon|Epoch)/, "beacon"],
];

export const eventSchemas: ReadonlyMap<string, DescMessage> = new Map(
  file_remes_v1_events.messages.map((schema) => [schema.typeName, schema]),
);

/** "ChunkLeased" of EventChunkLeased. */
export function eventName(schema: DescMessage): string {
  return schema.name.replace(/^Event/, "");
}

/** What no other kind claims concerns the registries and the rules: models, datasets, referees, parameters. */
export function eventKind(name: string): EventKind {
  return beginnings.find(([beginning]) => beginning.test(name))?.[1] ?? "registry";
}
