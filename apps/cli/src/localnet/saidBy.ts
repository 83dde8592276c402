/** What the miners and verifiers of a localnet say of themselves: what they were paid and what they computed, which no chain keeps. */
import type { LocalnetNetwork } from "./localnetNetwork.ts";

export type Said = {
  readonly name: string;
  readonly address: string;
  /** Null while it does not answer. */
  readonly status: ProcessStatus | null;
};

export type ProcessStatus = {
  readonly role?: string;
  readonly earned?: { readonly paid?: string };
  readonly computed?: { readonly steps: number; readonly seconds: number };
};

const answerWithinMs = 2_000;

/** All that earn, in the order of the network. */
export async function saidBy({ processes }: Pick<LocalnetNetwork, "processes">): Promise<Said[]> {
  const earners = processes.flatMap(({ kind, name, address, http }) =>
    kind === "founder" || address === undefined ? [] : [{ name, address, http }],
  );
  return Promise.all(
    earners.map(async ({ name, address, http }) => ({ name, address, status: await ask(http) })),
  );
}

async function ask(http: string): Promise<ProcessStatus | null> {
  try {
    const response = await fetch(`${http}/status`, { signal: AbortSignal.timeout(answerWithinMs) });
    return (await response.json()) as ProcessStatus | null;
  } catch {
    return null;
  }
}
