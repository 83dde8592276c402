/** The file that says where a network is reached: a localnet writes one at every start, `r3mes join` another. Reading repairs nothing. */
import { readFileSync } from "node:fs";
import { R3mesError } from "@r3mes/protocol";
import { writeWhole } from "@r3mes/service/command";
import { z } from "zod";

const supportedVersion = 1;

const networkSchema = z.strictObject({
  chainId: z.string().min(1),
  /** Of a node; in a localnet the first validator. */
  rpc: z.url({ protocol: /^https?$/ }),
  /** From here to its store, of a localnet alone. */
  rest: z.url().optional(),
  grpc: z.string().min(1).optional(),
  dashboard: z.url().optional(),
  api: z.url().optional(),
  store: z.strictObject({
    swarmKeyFile: z.string().min(1),
    /** Multiaddrs of content stores; of a localnet, all of them. */
    peers: z.array(z.string().min(1)).readonly(),
    /** RPC address of the Kubo that keeps the content of all processes, if there is one. */
    kubo: z.url().optional(),
  }),
  /** Of a localnet, all but its validators. */
  processes: z
    .array(
      z.strictObject({
        name: z.string().min(1),
        kind: z.string().min(1),
        address: z.string().min(1).optional(),
        /** Health, metrics and status. */
        http: z.url(),
        folder: z.string().min(1),
      }),
    )
    .readonly(),
});

export type Network = Readonly<z.output<typeof networkSchema>>;

/** @throws NETWORK_FILE_INVALID */
export function readNetworkFile(path: string): Network {
  const { version, ...network } = parse(path);
  if (version !== supportedVersion) {
    throw invalid(path, `its version is ${version}; this r3mes reads version ${supportedVersion}`);
  }
  const parsed = networkSchema.safeParse(network);
  if (parsed.success) return parsed.data;
  const { path: where, message } = parsed.error.issues[0]!;
  throw invalid(path, `${where.join(".") || "the whole"}: ${message}`);
}

export function writeNetworkFile(path: string, network: Network): void {
  writeWhole(path, `${JSON.stringify({ version: supportedVersion, ...network }, null, 2)}\n`);
}

function parse(path: string): { readonly [field: string]: unknown } {
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    if (error instanceof SyntaxError) throw invalid(path, "it is not JSON");
    throw invalid(path, (error as NodeJS.ErrnoException).code ?? String(error));
  }
  if (typeof json === "object" && json !== null && !Array.isArray(json)) return { ...json };
  throw invalid(path, "it holds no object");
}

function invalid(path: string, reason: string): R3mesError {
  return new R3mesError({ code: "NETWORK_FILE_INVALID", path, reason });
}
