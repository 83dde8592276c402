/** Holds what the cursor counts and adds up against the rows that it stands for. */
import { chain, type Database } from "@r3mes/database";
import { expect } from "vitest";

export async function expectCounted({ sql }: Database): Promise<void> {
  const [counted] = await sql.select().from(chain.cursor);
  const credits = await sql.select().from(chain.credits);
  const epochs = await sql.select().from(chain.rewardEpochs);
  const withdrawals = await sql.select().from(chain.withdrawals);
  const offences = await sql.select().from(chain.offences);
  const submissions = await sql.select().from(chain.submissions);
  const chunks = await sql.select().from(chain.chunks);
  const audits = await sql.select().from(chain.audits);
  const seats = await sql.select().from(chain.seats);
  const cases = await sql.select().from(chain.cases);
  const isAccepted = ({ status }: { status: string }) => /^(accepted|mature)$/.test(status);
  expect(counted).toMatchObject({
    blocks: await sql.$count(chain.blocks),
    transactions: await sql.$count(chain.transactions),
    accounts: await sql.$count(chain.accounts),
    minted: sumOf(epochs.map(({ minted }) => minted)),
    credited: sumOf(credits.map(({ amount }) => amount)),
    withdrawn: sumOf(withdrawals.map(({ amount }) => amount)),
    taken: sumOf(offences.map(({ taken }) => taken)),
    burned: sumOf(offences.map(({ burned }) => burned)),
    revealed: submissions.filter(({ updateRoot }) => updateRoot !== null).length,
  });
  expect(counted!.chunks).toEqual(tallyOf(chunks.map(({ status }) => status)));
  expect(counted!.audits).toEqual(tallyOf(audits.map(({ phase }) => phase)));
  expect(counted!.verdicts).toEqual(tallyOf(seats.flatMap(({ verdict }) => verdict ?? [])));
  expect(counted!.cases).toEqual(tallyOf(cases.map(({ outcome }) => outcome ?? "open")));
  const accepted = submissions.filter(isAccepted).map(({ poolId }) => String(poolId));
  expect(counted!.accepted).toEqual(tallyOf(accepted));
}

function sumOf(amounts: readonly bigint[]): bigint {
  return amounts.reduce((sum, amount) => sum + amount, 0n);
}

function tallyOf(words: readonly string[]): Record<string, number> {
  const tally: Record<string, number> = {};
  for (const word of words) tally[word] = (tally[word] ?? 0) + 1;
  return tally;
}
