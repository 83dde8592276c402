import { chain } from "@r3mes/database";
import { openTestDatabase } from "@r3mes/database/testing";
import { desc, eq } from "drizzle-orm";
import { expect, onTestFinished, test } from "vitest";
import {
  countOf,
  countsOf,
  fieldsOf,
  recordsReader,
  rowOf,
  rowsOf,
  select,
  sumOf,
  timeAt,
  valuesOf,
} from "./writtenJson.ts";

const { accounts, blocks, bonds, transactions } = chain;
const most = 18_446_744_073_709_551_615n;

async function setup() {
  const { sql, close } = await openTestDatabase();
  onTestFinished(close);
  const bond = { role: "miner", amount: most, locked: 0n, height: 7 };
  await sql.insert(chain.bonds).values([
    { ...bond, owner: "b" },
    { ...bond, owner: "a", role: "verifier" },
    { ...bond, owner: "c", amount: 1n },
  ]);
  const block = { hash: "aa", proposer: "", transactions: 0, events: 0, gasUsed: 0 };
  await sql.insert(blocks).values({ ...block, height: 7, timeMs: 1_234 });
  return sql;
}

test("a record is what the table says: sums as strings, bytes in hexadecimal, text as it was written", async () => {
  const sql = await setup();
  const hostile = `</script>"\\ \u2028 'x' \u{1f4a9}`;
  await sql.insert(transactions).values({
    ...{
      hash: "cc",
      height: 7,
      index: 0,
      code: 0,
      codespace: "",
      log: hostile,
      gasWanted: 2 ** 53,
    },
    ...{ gasUsed: 0, fee: most, payer: "a", memo: "", messageTypes: ["A", "B"] },
    ...{ messages: [{ value: { text: hostile } }], bytes: new Uint8Array([0, 171]) },
  });
  const read = recordsReader(["hash"], ({ hash }) =>
    select({ ...fieldsOf(transactions), timeMs: timeAt(transactions.height) })
      .from(transactions)
      .where(eq(transactions.hash, hash)),
  );
  expect((await read(sql, { hash: "cc" })).map((text) => JSON.parse(text))).toEqual([
    {
      ...{ hash: "cc", height: 7, index: 0, code: 0, codespace: "", log: hostile },
      ...{ gasWanted: 2 ** 53, gasUsed: 0, fee: `${most}`, payer: "a", memo: "" },
      ...{ messageTypes: ["A", "B"], messages: [{ value: { text: hostile } }], bytes: "00ab" },
      timeMs: 1_234,
    },
  ]);
  expect(await read(sql, { hash: "dd" })).toEqual([]);
});

test("what belongs to a record is in it, in its order, and is empty or null where there is nothing", async () => {
  const sql = await setup();
  await sql.insert(accounts).values([
    { address: "a", firstHeight: 1 },
    { address: "z", firstHeight: 2 },
  ]);
  const own = eq(bonds.owner, accounts.address);
  const others = select({ owner: bonds.owner }).from(bonds).orderBy(desc(bonds.owner)).limit(2);
  const read = recordsReader([], () =>
    select({
      bond: rowOf(
        select({ amount: fieldsOf(bonds).amount! })
          .from(bonds)
          .where(own),
      ),
      bonds: rowsOf(select({ role: bonds.role }).from(bonds).where(own)),
      ...{ others: rowsOf(others), othersByName: rowsOf(others, "owner") },
      owners: valuesOf(bonds.owner, eq(bonds.role, "miner")),
      ...{ roles: countsOf(bonds.role, bonds), ownRoles: countsOf(bonds.role, bonds, own) },
      ...{ all: sumOf(bonds.amount), own: sumOf(bonds.amount, own), count: countOf(bonds, own) },
    })
      .from(accounts)
      .orderBy(accounts.address),
  );
  const [a, z] = (await read(sql, {})).map((text) => JSON.parse(text));
  const same = {
    others: [{ owner: "c" }, { owner: "b" }],
    othersByName: [{ owner: "b" }, { owner: "c" }],
    ...{ owners: ["b", "c"], roles: { miner: 2, verifier: 1 }, all: `${2n * most + 1n}` },
  };
  const bond = { amount: `${most}` };
  const ofA = { bond, bonds: [{ role: "verifier" }], ownRoles: { verifier: 1 } };
  expect(a).toEqual({ ...same, ...ofA, own: `${most}`, count: 1 });
  expect(z).toEqual({ ...same, bond: null, bonds: [], ownRoles: {}, own: "0", count: 0 });
});
