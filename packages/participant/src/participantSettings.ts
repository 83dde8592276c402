/**
 * The settings that every process that takes part has: where its chain, its key, its store and its own numbers are. And those that
 * roles share, each for whichever role has it.
 */
import { logLevels, secretSetting } from "@r3mes/service";
import { z } from "zod";
import { deviceBackends } from "./device/deviceBackends.ts";

const port = z.number().int().min(0).max(65_535);

export const participantSettings = {
  log: z.object({
    level: z.enum(logLevels).default("info").describe("Least level that is logged."),
  }),
  chain: z.object({
    id: z.string().min(1).describe("The chain that is meant; a node of another one is refused."),
    rpc: z.url().describe("RPC address of a node, as in http://127.0.0.1:26657."),
  }),
  key: z.object({
    file: z.string().default("keystore.json").describe("The sealed key, of mode 600."),
    password: secretSetting().describe("What opens the key."),
  }),
  store: z.object({
    listen: z
      .string()
      .default("/ip4/127.0.0.1/tcp/0")
      .describe("Multiaddr on which the content store listens."),
    peers: z.array(z.string()).default([]).describe("Multiaddrs of the stores to keep up with."),
    swarmKey: z.string().default("swarm.key").describe("The key that the private swarm shares."),
    kubo: z
      .url()
      .optional()
      .describe("RPC address of a Kubo in place of a node in this process: http://127.0.0.1:5001."),
  }),
  http: z.object({
    port: port.default(0).describe("Loopback port of health, metrics and status; 0 is a free one."),
  }),
} as const;

const schema = z.object(participantSettings);
export type ParticipantSettings = z.output<typeof schema>;

/** For a role that runs steps. */
export const stepSettings = {
  threads: z.number().int().min(1).max(64).default(1).describe("Threads that a step may use."),
  memoryMib: z
    .number()
    .int()
    .min(64)
    .default(4_096)
    .describe("Most memory of a prepared step program, in MiB; a pool that needs more is refused."),
} as const;

/** For a role that chooses what its steps run on. */
export const backendSetting = z
  .enum(deviceBackends)
  .default("auto")
  .describe(
    "Kernels: native where they are compiled and exact, else wasm; a GPU only by name, webgpu. The bytes are the same.",
  );

/** For a role that is paid. */
export const withdrawSetting = z
  .number()
  .int()
  .min(1)
  .default(1_000_000)
  .describe("Matured rewards are withdrawn from this amount on, in uremes.");
