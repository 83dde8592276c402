/**
 * The process of a challenger: `node main.ts <folder> [submission]`. It holds a key and no role: the bond of a case is paid when one is
 * filed. It trains and audits nothing that it is paid for.
 */
import { randomInt } from "node:crypto";
import { createReferee, nodeSha256 } from "@r3mes/engine/node";
import {
  atEachHeight,
  caseWaitMs,
  checkedWorkOf,
  checkSum,
  contentOf,
  countChecks,
  createBlockPace,
  createCaseLoad,
  createCasePlayer,
  createDevice,
  createPoolOpener,
  createSumWatcher,
  createWatcher,
  describeDuties,
  dutiesOf,
  isDoneWith,
  keepChecks,
  keepSumChecks,
  openCheck,
  type Participant,
  runParticipant,
  type StatusBoard,
  untilAnswered,
} from "@r3mes/participant";
import type { z } from "zod";
import { challengerSettings } from "./challengerSettings.ts";

type Settings = z.output<z.ZodObject<typeof challengerSettings>>;

const argv = process.argv.slice(2);
const keep = [keepChecks, keepSumChecks];
await runParticipant({ name: "challenger", settings: challengerSettings, keep, run: watch }, argv);

async function watch(
  participant: Participant,
  { challenge: own }: Settings,
  board: StatusBoard,
): Promise<void> {
  const { query, store, journal, log, clock, address, shutdown } = participant;
  // Here, where nothing else that may be said after the folder ends up.
  const submission = argv[1] === undefined ? undefined : BigInt(argv[1]);
  if (submission !== undefined) {
    if (await untilAnswered(participant, () => isDoneWith(participant, submission))) return;
  }
  const device = { threads: own.threads, bytesMax: own.memoryMib * 2 ** 20, niceness: 5 };
  const backend = await createDevice(device, log);
  shutdown.add({ name: "device", deadlineMs: 1_000, run: backend.close });
  const ending = shutdown.signal;
  const content = contentOf(store, { ending });
  const { bring } = contentOf(store, { ending, waitMs: caseWaitMs });
  const openPool = createPoolOpener({ parts: ["training"] }, { query, content, backend });
  const ports = { ...participant, openPool, hash: nodeSha256, fetch: content.get };
  const pace = createBlockPace(clock);
  const watcher = createWatcher(
    { address, ...(submission === undefined ? {} : { submission }) },
    {
      ...participant,
      openCheck: (id) => openCheck(ports, id),
      cases: createCasePlayer(
        { operator: address, owner: address },
        {
          ...{ ...ports, bring, referee: createReferee() },
          workOf: (id) => checkedWorkOf(journal, id),
        },
      ),
      load: createCaseLoad(address, { ...participant, blockMs: pace.blockMs }),
      draw: (below) => randomInt(below),
      monotonicMs: clock.monotonicMs,
    },
  );
  const watchSums = createSumWatcher(address, {
    ...participant,
    check: (round) => checkSum(ports, round),
  });
  participant.begin();
  await atEachHeight(participant, async (height) => {
    pace.note(height);
    const isDone = await watcher.tick(height);
    if (submission === undefined) await watchSums(height);
    const duties = await dutiesOf(query, address);
    const checked = countChecks(journal.records);
    const described = describeDuties(duties, height);
    board.current = { role: "challenger", address, height, duties: described, checked };
    if (isDone) void shutdown.begin("the submission was looked at");
  });
}
