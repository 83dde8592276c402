/**
 * The facts of a localnet that hold from one start to the next. Reading refuses what is damaged or
 * foreign, and must never delete or repair it: a chain's data are the user's.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { R3mesError } from "@r3mes/protocol";
import { writeWhole } from "@r3mes/service/command";
import { z } from "zod";
import { type LocalnetPaths, nodeHome } from "./localnetPaths.ts";

const supportedVersion = 2;

const port = z.number().int().min(1).max(65_535);
const nodePorts = z.strictObject({ p2p: port, rpc: port, grpc: port, rest: port });

const processPorts = z.strictObject({ http: port, store: port.optional() });

const processSchema = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9-]{0,31}$/),
  /** What it is run as: a key of `processKinds`. */
  kind: z.string().min(1),
  /** Account of the process; absent for one that signs nothing. */
  address: z.string().optional(),
  ports: processPorts,
});

const stateSchema = z.strictObject({
  version: z.literal(supportedVersion),
  chainId: z.string().min(1),
  portMode: z.enum(["default", "auto"]),
  validators: z
    .array(z.strictObject({ name: z.string().min(1), nodeId: z.string().min(1), ports: nodePorts }))
    .min(1),
  /** Everything but the validators, in the order in which it is started and shown. */
  processes: z.array(processSchema),
});

export type LocalnetState = z.output<typeof stateSchema>;
export type ValidatorState = LocalnetState["validators"][number];
export type ProcessState = LocalnetState["processes"][number];
export type ProcessPorts = z.output<typeof processPorts>;
export type NodePorts = z.output<typeof nodePorts>;

/** Null when there is no localnet yet. */
export function readLocalnetState(paths: LocalnetPaths): LocalnetState | null {
  if (!existsSync(paths.folder) || readdirSync(paths.folder).length === 0) return null;
  const state = parseState(paths.stateFile);
  for (const { name } of state.validators) {
    for (const file of ["genesis.json", "config.toml", "app.toml", "priv_validator_key.json"]) {
      const path = join(nodeHome(paths.folder, name), "config", file);
      if (!existsSync(path)) throw corrupt(path, "the file is missing");
      if (file.endsWith(".json")) parseJson(path);
    }
  }
  return state;
}

export function writeLocalnetState(path: string, state: LocalnetState): void {
  writeWhole(path, `${JSON.stringify(state, null, 2)}\n`);
}

function parseState(path: string): LocalnetState {
  if (!existsSync(path)) throw corrupt(path, "the file is missing");
  const json = parseJson(path);
  const { version } = (json ?? {}) as { version?: unknown };
  if (typeof version === "number" && version !== supportedVersion) {
    throw new R3mesError({
      code: "LOCALNET_STATE_FOREIGN",
      path,
      found: version,
      supported: supportedVersion,
    });
  }
  const parsed = stateSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const { path: where, message } = parsed.error.issues[0]!;
  throw corrupt(path, `${where.join(".") || "the whole"}: ${message}`);
}

function parseJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    if (error instanceof SyntaxError) throw corrupt(path, "it is not JSON");
    throw corrupt(path, (error as NodeJS.ErrnoException).code ?? String(error));
  }
}

function corrupt(path: string, reason: string): R3mesError {
  return new R3mesError({ code: "LOCALNET_STATE_CORRUPT", path, reason });
}
