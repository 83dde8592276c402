/** A miner of the localnet. One thread each: three of them share a small machine with everything else. */
import { join } from "node:path";
import { repository } from "../repository.ts";
import { writeParticipantConfig } from "./participantFiles.ts";
import { participantSpec } from "./participantSpec.ts";
import type { ProcessKind } from "./processKind.ts";

const main = join(repository, "apps/miner/src/main.ts");

export const minerProcess: ProcessKind = {
  count: 3,
  ports: (number) => ({ http: 7330 + number, store: 7430 + number }),
  hasKey: true,
  configure: (own, launch) => writeParticipantConfig(own, launch, { mine: { threads: 1 } }),
  toSpec: (own) => participantSpec(main, own),
};
