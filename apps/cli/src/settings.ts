/** Every setting of the front door, with its default, its range and its meaning. */
import { join } from "node:path";
import { type Config, type Flag, loadConfig, logLevels } from "@r3mes/service";
import { z } from "zod";
import { homeVariable } from "./findHome.ts";

const storages = ["helia", "kubo"] as const;

export type Storage = (typeof storages)[number];

const settingsSchema = z.object({
  log: z.object({
    level: z
      .enum(logLevels)
      .default("info")
      .describe("Least level that the processes log; debug also traces unexpected errors."),
  }),
  localnet: z.object({
    validators: z
      .number()
      .int()
      .min(1)
      .max(16)
      .default(1)
      .describe("Validators of a new localnet, from 1 to 16."),
    chainOnly: z
      .boolean()
      .default(false)
      .describe("A new localnet is a chain alone: no founder, no miners, no verifiers."),
    services: z
      .boolean()
      .default(true)
      .describe("A new localnet serves its API and its dashboard as well."),
    miners: z.number().int().min(0).max(16).default(3).describe("Miners of a new localnet."),
    verifiers: z.number().int().min(0).max(16).default(3).describe("Verifiers of a new localnet."),
    pools: z
      .number()
      .int()
      .min(1)
      .max(3)
      .default(1)
      .describe("Pools: 1 trains on moby-dick, 2 on factbook too, 3 on modern-speeches as well."),
    ports: z
      .enum(["default", "auto"])
      .default("default")
      .describe("The usual ports of a Cosmos node, or free ones that are then remembered."),
    blockTimeMs: z
      .number()
      .int()
      .min(100)
      .max(60_000)
      .default(1_000)
      .describe("Milliseconds from one block to the next, from 100 to 60000."),
    storage: z
      .enum(storages)
      .default("helia")
      .describe("Where a new localnet keeps its content: in its processes, or in one Kubo."),
    ipfs: z
      .string()
      .min(1)
      .optional()
      .describe("Path of Kubo's program; by default ipfs of the PATH, or one that is built."),
    remesd: z
      .string()
      .min(1)
      .optional()
      .describe("Path of the chain's program; by default the one that the bootstrap builds."),
  }),
});

export type Settings = z.output<typeof settingsSchema>;

/** The home is found before there are settings. */
const envIgnored = [homeVariable];

export function configPath(home: string): string {
  return join(home, "config.toml");
}

export function loadSettings(
  home: string,
  env: { readonly [name: string]: string | undefined },
  flags: { readonly [key: string]: Flag | undefined } = {},
): Config<Settings> {
  return loadConfig(settingsSchema, { file: configPath(home), env, envIgnored, flags });
}
