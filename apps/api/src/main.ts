/** `node apps/api/src/main.ts <folder>`: reads `config.toml` in the folder, serves until it is asked to end. */
import { join, resolve } from "node:path";
import { loadConfig, runToEnd } from "@r3mes/service";
import { apiSettings } from "./apiSettings.ts";
import { runApi } from "./runApi.ts";

const folder = resolve(process.argv[2] ?? ".");

/** By the names that hosts give them, beside our own. */
const { DATABASE_URL, REDIS_URL, ...env } = process.env;
if (DATABASE_URL !== undefined) env.R3MES_DATABASE_URL ??= DATABASE_URL;
if (REDIS_URL !== undefined) env.R3MES_REDIS_URL ??= REDIS_URL;

await runToEnd(async () => {
  const { values } = loadConfig(apiSettings, { file: join(folder, "config.toml"), env });
  const { baseUrl, localKey, shutdown } = await runApi(folder, values);
  // The one time that the key is shown, and only to a person: what is not a terminal is most often a log, which never holds it.
  if (localKey.isNew && process.stderr.isTTY) {
    process.stderr.write(`${JSON.stringify({ baseUrl, key: localKey.text })}\n`);
  }
  await shutdown.done;
});
