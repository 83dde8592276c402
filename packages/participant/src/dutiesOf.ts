/** What the chain asks of an address that may hold no role: a challenger owes something only while it is a party to a case. */
import type { Client } from "@connectrpc/connect";
import { R3mesError } from "@r3mes/protocol";
import type { Duty, Query } from "@r3mes/protocol/messages";

export async function dutiesOf(
  query: Pick<Client<typeof Query>, "duties">,
  operator: string,
): Promise<readonly Duty[]> {
  try {
    return (await query.duties({ operator })).duties;
  } catch (error) {
    if (error instanceof R3mesError && error.code === "PARTICIPANT_NOT_FOUND") return [];
    throw error;
  }
}
