/** Every setting of the API, with its default and its meaning. */
import { deviceBackends } from "@r3mes/participant";
import { logLevels, secretSetting } from "@r3mes/service";
import { z } from "zod";

const port = z.number().int().min(0).max(65_535);
const count = (max: number) => z.number().int().min(1).max(max);

export const apiSettings = z.object({
  log: z.object({
    level: z.enum(logLevels).default("info").describe("Least level that is logged."),
  }),
  http: z.object({
    host: z.string().default("127.0.0.1").describe("Address that is listened on."),
    port: port.default(8080).describe("Port that is listened on; 0 is a free one."),
    origins: z
      .array(z.string())
      .default([])
      .describe("Origins of pages that may read replies, as https://example.org."),
    trustedProxies: z
      .array(z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()]))
      .default([])
      .describe(
        "Reverse proxies before this server, as 10.0.0.7 or 10.0.0.0/8: the client's address is what they say.",
      ),
    bodyBytesMax: count(64 << 20)
      .default(1 << 20)
      .describe("Largest body of a request, in bytes."),
    connectionsMaxOfAddress: count(1_024)
      .default(128)
      .describe(
        "Connections of one address at once; of IPv6, of a network of 64 bits. This machine and trusted proxies have as many as there are.",
      ),
    requestsPerMinute: count(1_000_000).default(600).describe("Requests of one key in a minute."),
    requestsPerMinuteOfAddress: count(1_000_000)
      .default(1_200)
      .describe(
        "Requests of one address in a minute, whatever keys it uses; of IPv6, of a network of 64 bits.",
      ),
    readsPerMinuteOfAddress: count(1_000_000)
      .default(6_000)
      .describe(
        "Reads of the chain's history by one address in a minute, of each process; this machine's own are not counted.",
      ),
    knocksPerMinute: count(1_000_000)
      .default(30)
      .describe("Sign-ins and gifts that one address may ask for in a minute."),
  }),
  accounts: z.object({
    domain: z
      .string()
      .min(1)
      .max(128)
      .default("localhost")
      .describe("What a wallet is told this server is, as api.example.org."),
    sessionHours: count(24 * 30)
      .default(12)
      .describe("How long a session lasts that a wallet opened."),
    sessionsMax: count(1_000).default(32).describe("Sessions of an account; then the oldest ends."),
    keysMax: count(10_000).default(100).describe("Keys of an account that open something."),
    welcomeCredits: z
      .number()
      .int()
      .min(0)
      .max(1e12)
      .default(0)
      .describe("Credits of a new account, on a development or test chain alone."),
  }),
  faucet: z.object({
    keyFile: z
      .string()
      .optional()
      .describe("The sealed key that pays; without it no faucet is open."),
    password: secretSetting().optional().describe("What opens the key."),
    uremes: count(1e12).default(10_000_000).describe("What one gift holds."),
    uremesPerDay: count(1e15)
      .default(1_000_000_000)
      .describe("What all gifts of 24 hours may hold together."),
    cooldownS: count(30 * 86_400)
      .default(3_600)
      .describe("How long an account, and a network address, waits for its next gift."),
  }),
  inference: z.object({
    model: z.string().default("genesis").describe("The backbone: genesis, or a model's folder."),
    adapters: z
      .string()
      .optional()
      .describe("A folder of adapters that npx r3mes train made; each is served as local/NAME."),
    workers: count(64)
      .default(1)
      .describe(
        "Workers that compute, each with the model in its memory; requests are spread. Each needs a processor of its own.",
      ),
    threads: count(64)
      .default(1)
      .describe(
        "Threads of each worker. More are for a large model on processors that nothing else uses: else they wait for each other.",
      ),
    active: count(1_024)
      .default(64)
      .describe("Requests that are under way in a worker; more wait."),
    waiting: count(100_000)
      .default(512)
      .describe(
        "Requests that wait for a worker, of one key at most half as many; more are refused.",
      ),
    waitMs: count(600_000)
      .default(60_000)
      .describe(
        "A request that has not begun fails when nothing was answered to its key for so long.",
      ),
    backend: z
      .enum(deviceBackends)
      .exclude(["webgpu"])
      .default("auto")
      .describe("What computes: native kernels where they are compiled (auto), native, or wasm."),
    together: count(64)
      .default(8)
      .describe("Requests that are computed together, whatever their adapters."),
    cacheMegabytes: count(1 << 20)
      .default(128)
      .describe("Room of a worker for beginnings that are known."),
    adapterMegabytes: count(1 << 20)
      .default(256)
      .describe(
        "Room of a worker for adapters, used or not; a request for one that has none waits.",
      ),
  }),
  database: z.object({
    url: secretSetting()
      .optional()
      .describe("PostgreSQL; without it PGlite keeps the tables in the folder of the API."),
  }),
  redis: z.object({
    url: secretSetting()
      .optional()
      .describe("Redis that counts rates for several processes; without it each counts its own."),
  }),
  chain: z.object({
    rpc: z
      .url()
      .optional()
      .describe("RPC address of a node; without it only the backbone answers."),
  }),
  wallet: z
    .object({
      rpc: z
        .url()
        .optional()
        .describe(
          "RPC address of a node that visitors' wallets can reach: they are offered the chain.",
        ),
      rest: z.url().optional().describe("REST address of the same node."),
    })
    .refine(({ rpc, rest }) => (rpc === undefined) === (rest === undefined), {
      message: "a wallet needs both addresses of a node",
      path: ["rest"],
    }),
  indexer: z.object({
    rebuild: z
      .boolean()
      .default(false)
      .describe("Empties the chain's tables first, to read the chain again; accounts stay."),
  }),
  store: z.object({
    listen: z
      .string()
      .default("/ip4/127.0.0.1/tcp/0")
      .describe("Multiaddr on which the content store listens."),
    peers: z.array(z.string()).default([]).describe("Multiaddrs of the stores to keep up with."),
    swarmKey: z
      .string()
      .optional()
      .describe("The key file that the private swarm shares; without it no content is fetched."),
    kubo: z
      .url()
      .optional()
      .describe("RPC address of a Kubo in place of a node in this process: http://127.0.0.1:5001."),
  }),
});

export type ApiSettings = z.output<typeof apiSettings>;
