/** Puts a bond behind a role, as often as asked and as much as is missing: what is there already is not sent again. */
import type { Client } from "@connectrpc/connect";
import { type ChainMessage, chainMessage, type Inclusion } from "@r3mes/chain-client";
import { R3mesError } from "@r3mes/protocol";
import {
  MsgBondSchema,
  MsgSetOperatorSchema,
  type Query,
  type Role,
} from "@r3mes/protocol/messages";

export interface Entry {
  /** Owner and operator are one key here. */
  readonly address: string;
  readonly role: Role;
  /** The bond that shall be there, in uremes. */
  readonly bond: bigint;
}

export interface EntryDeps {
  readonly query: Client<typeof Query>;
  readonly submit: (messages: readonly ChainMessage[]) => Promise<Inclusion>;
}

/** Returns what was added to the bond, in uremes; 0 when it was whole. */
export async function enterRole(entry: Entry, deps: EntryDeps): Promise<bigint> {
  const { operator, bond } = await standing(entry, deps);
  const messages: ChainMessage[] = [];
  if (operator !== entry.address) {
    messages.push(
      chainMessage(MsgSetOperatorSchema, { owner: entry.address, operator: entry.address }),
    );
  }
  const missing = entry.bond > bond ? entry.bond - bond : 0n;
  if (missing > 0n) {
    messages.push(
      chainMessage(MsgBondSchema, { owner: entry.address, role: entry.role, amount: missing }),
    );
  }
  if (messages.length > 0) await deps.submit(messages);
  return missing;
}

/** Who operates for an owner now, and the bond behind the role, in uremes. */
export async function standing(
  entry: Pick<Entry, "address" | "role">,
  deps: Pick<EntryDeps, "query">,
): Promise<{ readonly operator: string; readonly bond: bigint }> {
  try {
    const { participant, bonds } = await deps.query.participant({ owner: entry.address });
    const bond = bonds.find(({ role }) => role === entry.role)?.amount ?? 0n;
    return { operator: participant?.operator ?? "", bond };
  } catch (error) {
    if (!(error instanceof R3mesError) || error.code !== "PARTICIPANT_NOT_FOUND") throw error;
    return { operator: "", bond: 0n };
  }
}
