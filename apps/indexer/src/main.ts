/** `node apps/indexer/src/main.ts <folder>`: reads `config.toml` in the folder, indexes until it is asked to end. */
import { join, resolve } from "node:path";
import { R3mesError } from "@r3mes/protocol";
import { loadConfig } from "@r3mes/service";
import { indexerSettings } from "./indexerSettings.ts";
import { runIndexer } from "./runIndexer.ts";

const folder = resolve(process.argv[2] ?? ".");
// PostgreSQL's own name for the setting is the one that operators and platforms use.
const { DATABASE_URL, ...env } = process.env;
if (DATABASE_URL !== undefined && env.R3MES_DATABASE_URL === undefined) {
  env.R3MES_DATABASE_URL = DATABASE_URL;
}

try {
  const { values } = loadConfig(indexerSettings, { file: join(folder, "config.toml"), env });
  const { shutdown, done } = await runIndexer(values);
  await done;
  await shutdown.begin("index ended");
  shutdown.dispose();
  process.exit(0);
} catch (error) {
  const report =
    error instanceof R3mesError
      ? error.toJSON()
      : { message: error instanceof Error ? error.stack : String(error) };
  process.stderr.write(`${JSON.stringify(report)}\n`);
  process.exit(1);
}
