/** The founder of the localnet: it registers what the network begins with, keeps that content, and funds the accounts. */
import { dirname, join } from "node:path";
import { writeParticipantConfig } from "./participantFiles.ts";
import { participantSpec } from "./participantSpec.ts";
import type { ProcessKind } from "./processKind.ts";

const main = join(import.meta.dirname, "../founding/main.ts");

export const founderName = "founder";

export const founderProcess: ProcessKind = {
  count: 1,
  ports: () => ({ http: 7330, store: 7430 }),
  hasKey: true,
  configure: (own, launch) =>
    writeParticipantConfig(own, launch, {
      found: { localnet: dirname(own.folder), remesd: launch.remesd, pools: launch.pools },
    }),
  toSpec: (own) => participantSpec(main, own),
};
