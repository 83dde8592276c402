/** A verifier of the localnet. */
import { join } from "node:path";
import { repository } from "../repository.ts";
import { writeParticipantConfig } from "./participantFiles.ts";
import { participantSpec } from "./participantSpec.ts";
import type { ProcessKind } from "./processKind.ts";

const main = join(repository, "apps/verifier/src/main.ts");

export const verifierProcess: ProcessKind = {
  count: 3,
  ports: (number) => ({ http: 7360 + number, store: 7460 + number }),
  hasKey: true,
  configure: (own, launch) => writeParticipantConfig(own, launch, { verify: { threads: 1 } }),
  toSpec: (own) => participantSpec(main, own),
};
