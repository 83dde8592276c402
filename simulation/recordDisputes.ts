/** Plays disputes on a real chain and records it: `node simulation/recordDisputes.ts`, a minute and a half. */
import { join } from "node:path";
import { systemClock } from "@r3mes/service";
import { playDisputes } from "./playDisputes.ts";
import { recordChain } from "./recordChain.ts";

const file = join(import.meta.dirname, "../packages/history/fixtures/disputes.json.gz");
/** Blocks behind the last move: a test of pages begins before them and lets them come. */
const blocksAfter = 10n;

const { chain, close } = await playDisputes();
try {
  const { latestHeight: end } = await chain.rpc.status();
  while ((await chain.rpc.status()).latestHeight < end + blocksAfter) await systemClock.sleep(200);
  console.log(`${await recordChain(chain.rpc, file)} blocks`);
} finally {
  await close();
}
