/**
 * Asks a Kubo by its RPC. It knows how questions are put and what a refusal looks like, and nothing of what is asked. Source: Kubo's
 * RPC API v0, https://docs.ipfs.tech/reference/kubo/rpc.
 */
import { R3mesError } from "@r3mes/protocol";

/** Pairs, since a name may come more than once. */
export type KuboArguments = readonly (readonly [name: string, value: string])[];

export interface KuboQuestion {
  readonly body?: FormData;
  /** Ends the wait; without it there is an answer within `patienceMs`, or none. */
  readonly signal?: AbortSignal;
}

/** `STORE_UNREACHABLE` when nothing answers in time, `STORE_REFUSED` with Kubo's own words when it says no. */
export type KuboRpc = (
  command: string,
  args?: KuboArguments,
  question?: KuboQuestion,
) => Promise<Response>;

/** A collection of garbage walks the whole store; everything else takes milliseconds. */
const patienceMs = 120_000;
const wordsMax = 500;

export function kuboRpc(url: string): KuboRpc {
  return async (command, args = [], { body, signal } = {}) => {
    const address = new URL(`/api/v0/${command}`, url);
    for (const [name, value] of args) address.searchParams.append(name, value);
    const response = await fetch(address, {
      method: "POST",
      signal: signal ?? AbortSignal.timeout(patienceMs),
      ...(body === undefined ? {} : { body }),
    }).catch((error: unknown) => {
      if (signal?.aborted) throw signal.reason;
      throw new R3mesError({ code: "STORE_UNREACHABLE", url }, { cause: error });
    });
    if (response.ok) return response;
    throw refused(command, url, await textOf(response));
  };
}

/** The whole answer of a question that is answered in words. `STORE_UNREACHABLE` too if the Kubo ends before its answer does. */
export async function askText(rpc: KuboRpc, ...question: Parameters<KuboRpc>): Promise<string> {
  return textOf(await rpc(...question));
}

/** As `askText`, of what is answered in JSON. Whoever answers otherwise is no Kubo: `STORE_REFUSED`. */
export async function askJson(rpc: KuboRpc, ...question: Parameters<KuboRpc>): Promise<unknown> {
  const response = await rpc(...question);
  const text = await textOf(response);
  try {
    return JSON.parse(text);
  } catch {
    throw refused(question[0], new URL(response.url).origin, text);
  }
}

async function textOf(response: Response): Promise<string> {
  try {
    return await response.text();
  } catch (cause) {
    const url = new URL(response.url).origin;
    throw new R3mesError({ code: "STORE_UNREACHABLE", url }, { cause });
  }
}

function refused(command: string, url: string, text: string): R3mesError {
  const answer = text.trim().slice(0, wordsMax);
  return new R3mesError({ code: "STORE_REFUSED", url, command, answer });
}
