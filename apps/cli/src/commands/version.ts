/** `r3mes version`: what exactly runs here, down to the hash of the specification. */
import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import type { CommandContext } from "../commandContext.ts";
import { type ExitCode, exitCodes } from "../exitCodes.ts";
import { hashFolder } from "../hashFolder.ts";
import { builtRemesd, repository } from "../repository.ts";
import { loadSettings } from "../settings.ts";

type RemesdVersion = {
  readonly version: string;
  readonly commit: string;
  readonly cosmosSdk: string;
  readonly go: string;
};

export async function version({ host, home, json }: CommandContext): Promise<ExitCode> {
  const remesd = loadSettings(home, host.env).values.localnet.remesd ?? builtRemesd;
  const report = {
    r3mes: readOwnVersion(),
    node: process.versions.node,
    remesd: await readRemesdVersion(remesd),
    /** Of everything under spec/: two builds that agree here follow the same rules. */
    spec: hashFolder(join(repository, "spec")),
    /** Of the kernels that are executed, as they are committed. */
    engine: hashFolder(join(repository, "packages/engine/src"), ".wasm"),
  };
  if (json) {
    host.stdout.write(`${JSON.stringify(report)}\n`);
    return exitCodes.ok;
  }
  const { dim } = host.paint;
  const chain = report.remesd;
  const built = chain === null ? "not built" : `${chain.version || "unversioned"}`;
  const rows = [
    ["r3mes", report.r3mes],
    ["node", report.node],
    ["remesd", built],
    ...(chain === null
      ? []
      : [
          ["", dim(`Cosmos SDK ${chain.cosmosSdk}`)],
          ["", dim(chain.go)],
        ]),
    ["spec", shorten(report.spec)],
    ["engine", shorten(report.engine)],
  ];
  for (const [name, value] of rows) host.stdout.write(`${name!.padEnd(8)}${value}\n`);
  return exitCodes.ok;
}

function readOwnVersion(): string {
  const path = join(import.meta.dirname, "../../package.json");
  return (JSON.parse(readFileSync(path, "utf8")) as { version: string }).version;
}

/** Null when the program is not built or does not say. */
async function readRemesdVersion(remesd: string): Promise<RemesdVersion | null> {
  if (!existsSync(remesd)) return null;
  try {
    const args = ["version", "--long", "--output", "json"];
    const { stdout } = await promisify(execFile)(remesd, args, { maxBuffer: 2 ** 24 });
    const long = JSON.parse(stdout) as { readonly [name: string]: unknown };
    return {
      version: String(long.version ?? ""),
      commit: String(long.commit ?? ""),
      cosmosSdk: String(long.cosmos_sdk_version ?? "unknown"),
      go: String(long.go ?? "unknown").replace(/^go version /, ""),
    };
  } catch {
    return null;
  }
}

const shownCharacters = 16;

function shorten(hash: string | null): string {
  return hash === null ? "none" : hash.slice(0, shownCharacters);
}
