/** A node that may not be up yet, or not for a while: every call connects first if it must, and fails with NODE_UNREACHABLE. */
import type { ChainRpc } from "./chainRpc.ts";
import { connectRpc } from "./connectRpc.ts";

export function lazyRpc(url: string): ChainRpc {
  let connected: Promise<ChainRpc> | undefined;
  const connection = (): Promise<ChainRpc> => {
    connected ??= connectRpc(url).catch((error: unknown) => {
      connected = undefined;
      throw error;
    });
    return connected;
  };
  return {
    status: async () => (await connection()).status(),
    block: async (height) => (await connection()).block(height),
    blockResults: async (height) => (await connection()).blockResults(height),
    query: async (path, data, height) => (await connection()).query(path, data, height),
    broadcast: async (bytes) => (await connection()).broadcast(bytes),
    close: async () => {
      const rpc = await connected?.catch(() => undefined);
      await rpc?.close();
    },
  } as ChainRpc;
}
