/** `node apps/indexer/src/main.ts <folder>`: reads `config.toml` in the folder, indexes until it is asked to end. */
import { join, resolve } from "node:path";
import { loadConfig, runToEnd } from "@r3mes/service";
import { indexerSettings } from "./indexerSettings.ts";
import { runIndexer } from "./runIndexer.ts";

const folder = resolve(process.argv[2] ?? ".");
// PostgreSQL's own name for the setting is the one that operators and platforms use.
const { DATABASE_URL, ...env } = process.env;
if (DATABASE_URL !== undefined && env.R3MES_DATABASE_URL === undefined) {
  env.R3MES_DATABASE_URL = DATABASE_URL;
}

await runToEnd(async () => {
  const { values } = loadConfig(indexerSettings, { file: join(folder, "config.toml"), env });
  const { shutdown, done } = await runIndexer(values);
  await done;
  await shutdown.begin("index ended");
});
