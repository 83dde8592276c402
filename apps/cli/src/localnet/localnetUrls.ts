/** Where a localnet is reached, as people and programs write it. */
import type { LocalnetState } from "./localnetState.ts";

export type LocalnetUrls = {
  /** Of the first validator. */
  readonly rpc: string;
  readonly rest: string;
  readonly grpc: string;
  /** For people; absent where it does not run. */
  readonly dashboard?: string;
  /** For OpenAI clients, with the key in `local.key` of the API's folder. */
  readonly api?: string;
};

export function localnetUrls({ validators, processes }: LocalnetState): LocalnetUrls {
  const { rpc, rest, grpc } = validators[0]!.ports;
  const httpOf = (kind: string) => processes.find((process) => process.kind === kind)?.ports.http;
  const [dashboard, api] = [httpOf("dashboard"), httpOf("api")];
  return {
    rpc: `http://127.0.0.1:${rpc}`,
    rest: `http://127.0.0.1:${rest}`,
    grpc: `127.0.0.1:${grpc}`,
    ...(dashboard === undefined ? {} : { dashboard: `http://127.0.0.1:${dashboard}` }),
    ...(api === undefined ? {} : { api: `http://127.0.0.1:${api}/v1` }),
  };
}
