/** What an index must do on every database: one suite, run on PGlite beside the code and on PostgreSQL by its own suite. */
import { chain, type Database } from "@r3mes/database";
import { R3mesError } from "@r3mes/protocol";
import { and, asc, count, desc, eq, sql } from "drizzle-orm";
import { expect } from "vitest";
import { createIndexer } from "../createIndexer.ts";
import { emptyChain } from "../emptyChain.ts";
import { channel, readTableChange } from "../write/tableChange.ts";
import { expectCounted } from "./expectCounted.ts";
import { hashTables } from "./hashTables.ts";
import { hostileBlock, hostileMemo } from "./hostileBlock.ts";
import { indexTo } from "./indexTo.ts";
import { migrateFrom } from "./migrateFrom.ts";
import { recordedChain } from "./recordedChain.ts";

const log = { info: () => undefined, warn: () => undefined };

type Case = (database: Database) => Promise<void>;

/** The first version that holds all that later ones are made of: what was summed, and momenta, versions before it did not keep. */
const firstDerived = 3;
/** The last version that did not say what sums are made without. */
const lastWithoutLeftOut = 8;

/** Each builds its own world on an empty database. */
export const indexerCases: { readonly [behaviour: string]: Case } = {
  "goes on by itself when a full disk has space again": async (database) => {
    const node = recordedChain();
    await indexTo(40, node, fullFor(3, database), { batchMax: 8 });
    const { sql } = database;
    const blocks = await sql.select({ height: chain.blocks.height }).from(chain.blocks);
    expect(blocks).toHaveLength(40);
    const kept = await hashTables(database);
    await emptyChain(database);
    await indexTo(40, node, database);
    expect(await hashTables(database)).toEqual(kept);
  },

  "counts what it has written, and adds it up": async (database) => {
    for (const recording of ["rounds", "disputes"] as const) {
      const node = recordedChain(recording);
      await emptyChain(database);
      // While work is under way most words are said of something else than in the end.
      for (const thirds of [1, 2, 3]) {
        await indexTo(Math.floor((node.height * thirds) / 3), node, database);
        await expectCounted(database);
      }
    }
  },

  "holds two recorded rounds as pages ask for them": async (database) => {
    const node = recordedChain();
    await indexTo(node.height, node, database);
    const { sql } = database;

    const [cursor] = await sql.select().from(chain.cursor);
    expect(cursor).toMatchObject({ chainId: "remesdev-1", height: 84 });
    const adapters = await sql.select().from(chain.adapters).orderBy(asc(chain.adapters.id));
    expect(adapters).toMatchObject([
      { id: 1, parentId: 0, round: 1, heldOutLoss: 322_393_624n, submissions: 2 },
      { id: 2, parentId: 1, round: 2, heldOutLoss: 315_661_023n, submissions: 2 },
    ]);
    expect(adapters.map(({ status }) => status)).toEqual(["mature", "provisional"]);

    const rounds = await sql.select().from(chain.rounds).orderBy(asc(chain.rounds.number));
    expect(rounds).toMatchObject([
      { phase: "complete", leases: 3, committed: 3, revealed: 3, accepted: 2 },
      { phase: "complete", leases: 3, committed: 3, revealed: 3, accepted: 2, adapterId: 1 },
      { phase: "waiting", leases: 0, adapterId: 2, resultAdapterId: null },
    ]);
    const [pool] = await sql.select().from(chain.pools);
    expect(pool).toMatchObject({
      round: 3,
      adapterId: 2,
      status: "open",
      emissionWeightPpm: 1_000_000,
      budget: 900_000_000n,
    });
  },

  "follows a chunk from its lease to every line of its pay": async (database) => {
    const node = recordedChain();
    await indexTo(node.height, node, database);
    const { sql } = database;
    const { submissions, audits, seats, credits, chunks } = chain;

    const [paid] = await sql.select().from(submissions).where(eq(submissions.id, 1));
    expect(paid).toMatchObject({ status: "mature", draws: 2, adapterId: 1, late: false });
    const drawn = await sql.select().from(audits).where(eq(audits.submissionId, 1));
    expect(drawn.map(({ phase }) => phase)).toEqual(["settled", "settled"]);
    for (const { rootBefore, rootAfter, rootFinal, stateBeforeCid } of drawn) {
      expect([rootBefore, rootAfter, rootFinal].join("")).toMatch(/^[0-9a-f]{192}$/);
      expect(stateBeforeCid).toMatch(/^bafk/);
    }
    const taken = await sql
      .select()
      .from(seats)
      .where(and(eq(seats.submissionId, 1), eq(seats.draw, 1)));
    expect(taken).toHaveLength(2);
    for (const seat of taken) {
      expect(seat).toMatchObject({ verdict: "valid", root: expect.stringMatching(/^\w{64}$/) });
    }
    const pay = await sql
      .select()
      .from(credits)
      .where(eq(credits.submissionId, 1))
      .orderBy(asc(credits.index));
    expect(pay.map(({ role }) => role)).toEqual(["miner", "verifier", "verifier", "data_provider"]);
    expect(pay[0]!.owner).toBe(paid!.miner);
    expect(pay.reduce((all, { amount }) => all + amount, 0n)).toBe(paid!.paid);

    const [lazy] = await sql.select().from(chunks).where(eq(chunks.leaseId, 2));
    expect(lazy).toMatchObject({ status: "disputed", round: 1 });
    const verdicts = await sql.select().from(seats).where(eq(seats.submissionId, 2));
    expect(new Set(verdicts.map(({ verdict }) => verdict))).toEqual(new Set(["invalid"]));
    const history = await sql
      .select({ type: chain.events.type })
      .from(chain.events)
      .where(eq(chain.events.submissionId, 2))
      .orderBy(asc(chain.events.height), asc(chain.events.index));
    expect(history[0]).toEqual({ type: "ChunkLeased" });
    expect(history.at(-1)).toEqual({ type: "SubmissionChanged" });
  },

  "holds a dispute from the first move to the tile, and what it cost": async (database) => {
    const node = recordedChain("disputes");
    await indexTo(node.height, node, database);
    const { sql } = database;
    const { cases, caseMoves, offences } = chain;
    const told = await sql.select().from(cases).orderBy(asc(cases.id));
    expect(told.map(({ kind, outcome }) => `${kind} ${outcome}`)).toEqual(
      expect.arrayContaining(["aggregate convicted", "step acquitted", "step convicted"]),
    );
    const caught = told.find(({ kind, outcome }) => kind === "step" && outcome === "convicted")!;
    expect(caught).toMatchObject({ stage: "execution", toMove: null });
    expect(caught.executedHash).toMatch(/^[0-9a-f]{64}$/);
    expect(Object.keys(caught.found as object).toSorted()).toEqual(["operations", "tiles"]);
    const moves = await sql
      .select({ type: caseMoves.type, signer: caseMoves.signer })
      .from(caseMoves)
      .where(eq(caseMoves.caseId, caught.id))
      .orderBy(asc(caseMoves.height), asc(caseMoves.index));
    expect(moves[0]).toEqual({ type: "PostTrace", signer: caught.defender });
    expect(moves.at(-1)!.type).toBe("ExecuteTile");
    const [fine] = await sql.select().from(offences).where(eq(offences.caseId, caught.id));
    expect(fine).toMatchObject({ fault: "wrong_step", offender: caught.defender });
    expect(fine!.burned + fine!.awarded + fine!.insured).toBe(fine!.taken);
  },

  "holds a dispute about a sum, with what both parties attested": async (database) => {
    const node = recordedChain("disputes");
    await indexTo(node.height, node, database);
    const { sql } = database;
    const [adapter] = await sql.select().from(chain.adapters).where(eq(chain.adapters.id, 1));
    const [disputed] = await sql
      .select()
      .from(chain.cases)
      .where(and(eq(chain.cases.kind, "aggregate"), eq(chain.cases.outcome, "convicted")));
    const { defender, challenger } = disputed!;
    expect(disputed).toMatchObject({ poolId: 1, round: 1, submissionId: null, step: null });
    expect(disputed!.found).toEqual({ tensors: 0, tiles: 0 });
    const attested = await sql.select().from(chain.attestations);
    const by = (party: string) => attested.find(({ verifier }) => verifier === party)!;
    // The liar took a larger outer step from the same momenta.
    expect(by(defender).root).not.toBe(by(challenger).root);
    expect(by(defender).momentumRoot).toMatch(/^[0-9a-f]{64}$/);
    expect(by(defender).momentumRoot).toBe(by(challenger).momentumRoot);
    const { root, momentumRoot } = by(defender);
    expect(adapter).toMatchObject({ root, momentumRoot, status: "recalled", matureHeight: null });
    const fines = await sql
      .select()
      .from(chain.offences)
      .where(eq(chain.offences.caseId, disputed!.id));
    expect(fines).toMatchObject([{ fault: "wrong_sum", offender: defender }]);
  },

  "is the same whether it is made in one go, in pieces, or again": async (database) => {
    const node = recordedChain();
    await indexTo(node.height, node, database);
    const inOneGo = await hashTables(database);

    // In pieces, and with what a long index has forgotten again: each piece knows only what the database tells it.
    await emptyChain(database);
    await indexTo(31, node, database);
    expect((await indexTo(32, node, database)).map(({ height }) => height)).toEqual([32]);
    for (let height = 33; height <= 36; height += 1) await indexTo(height, node, database);
    await indexTo(node.height, node, database);
    expect(await hashTables(database)).toEqual(inOneGo);
  },

  "is the same if tables of an earlier version had been filled and were migrated": async (
    database,
  ) => {
    for (const recording of ["rounds", "disputes"] as const) {
      const node = recordedChain(recording);
      await emptyChain(database);
      await indexTo(node.height, node, database);
      const made = await hashTables(database);
      await migrateFrom(firstDerived, database);
      expect(await hashTables(database)).toEqual(made);
    }
  },

  "knows of tables of an earlier version what versions were made without": async (database) => {
    const node = recordedChain();
    await indexTo(node.height, node, database);
    await database.sql.execute(sql`update ${chain.events}
      set data = jsonb_set(data, '{leftOut}', '["2"]') where type = 'AdapterAdopted' and round = 1`);
    await migrateFrom(lastWithoutLeftOut, database);
    const { submissions } = chain;
    const leftOut = await database.sql
      .select({ id: submissions.id })
      .from(submissions)
      .where(eq(submissions.leftOut, true));
    expect(leftOut).toEqual([{ id: 2 }]);
  },

  "is not gone on with by an indexer of an earlier build, which would leave out what it does not know":
    async (database) => {
      const node = recordedChain();
      await indexTo(20, node, database);
      const made = await hashTables(database);
      // As the builds before the tables had a version move the cursor.
      const moved = sql`insert into ${chain.cursor} (id, chain_id, height, hash, time_ms, blocks)
      select id, chain_id, height + 1, hash, time_ms, blocks + 1 from ${chain.cursor}
      on conflict (id) do update set height = excluded.height, blocks = excluded.blocks`;
      await expect(database.sql.execute(moved)).rejects.toMatchObject({
        cause: expect.objectContaining({ code: "23502" }),
      });
      expect(await hashTables(database)).toEqual(made);
    },

  "refuses tables that a later build has migrated, also while it follows": async (database) => {
    const node = recordedChain();
    const execute = (text: string) => database.sql.execute(sql.raw(text));
    const later = chain.tablesVersion + 1;
    const ofVersion = (version: number) => [
      `alter table chain.cursor drop constraint cursor_version`,
      `update chain.cursor set version = ${version}`,
      `alter table chain.cursor add constraint cursor_version check (version = ${version})`,
    ];
    await indexTo(20, node, database);
    const refused = { code: "INDEX_TABLES_NEWER", facts: { found: later, known: later - 1 } };
    const block: typeof node.rpc.block = async (height) => {
      if (height === 25n) for (const change of ofVersion(later)) await execute(change);
      return node.rpc.block(height);
    };
    try {
      const following = indexTo(40, { ...node, rpc: { ...node.rpc, block } }, database);
      await expect(following).rejects.toMatchObject(refused);
      await expect(indexTo(40, node, database)).rejects.toMatchObject(refused);
    } finally {
      for (const change of ofVersion(later - 1)) await execute(change);
    }
    await indexTo(40, node, database);
    await expectCounted(database);
  },

  "has blocks whole or not at all when a write fails in the middle": async (database) => {
    const node = recordedChain();
    await indexTo(node.height, node, database);
    const whole = await hashTables(database);
    await emptyChain(database);

    let writes = 0;
    const execute: Database["sql"]["execute"] = (query) => {
      writes += 1;
      if (writes === 2) throw new Error("the disk is full");
      return database.sql.execute(query);
    };
    const sql = new Proxy(database.sql, {
      get: (target, name) => (name === "execute" ? execute : Reflect.get(target, name)),
    });
    const failing = indexTo(node.height, node, { ...database, sql }, { batchMax: 50 });
    await expect(failing).rejects.toThrow("the disk is full");
    const [cursor] = await database.sql.select().from(chain.cursor);
    const [last] = await database.sql
      .select()
      .from(chain.blocks)
      .orderBy(desc(chain.blocks.height))
      .limit(1);
    expect(cursor).toMatchObject({ height: last!.height, hash: last!.hash });
    expect(last!.height).toBeGreaterThan(0);
    expect(last!.height).toBeLessThan(node.height);
    await indexTo(node.height, node, database);
    expect(await hashTables(database)).toEqual(whole);
  },

  "tells listeners of each write, which at the head of the chain is one for each block": async (
    database,
  ) => {
    const node = recordedChain();
    const heard: (readonly [first: number, last: number])[] = [];
    const stop = await database.listen(channel, (text) => {
      const { first, last, tables } = readTableChange(text)!;
      expect(tables).toEqual(expect.arrayContaining(["blocks", "cursor"]));
      heard.push([first, last]);
    });
    await indexTo(5, node, database);
    await expect.poll(() => heard).toEqual([[1, 5]]);
    for (const height of [6, 7]) await indexTo(height, node, database);
    await expect
      .poll(() => heard)
      .toEqual([
        [1, 5],
        [6, 6],
        [7, 7],
      ]);
    await stop();
  },

  "refuses another chain, and a chain that was begun anew": async (database) => {
    const node = recordedChain();
    await indexTo(20, node, database);

    node.chainId = "remesdev-2";
    await expect(indexTo(21, node, database)).rejects.toMatchObject({
      code: "INDEX_CHAIN_DIFFERENT",
      facts: { indexed: "remesdev-1", found: "remesdev-2" },
    });
    node.chainId = "remesdev-1";
    // Shorter than the index and otherwise the same: the node has only fallen behind.
    node.height = 10;
    const controller = new AbortController();
    const { rpc, records } = node;
    const waiting = async () => controller.abort();
    const deps = { rpc, records, database: database, sleep: waiting, log };
    await createIndexer({ pollMs: 1 }, deps).run(controller.signal);

    node.blocks[9] = { ...node.blocks[9]!, hash: new Uint8Array(32) };
    await expect(indexTo(21, node, database)).rejects.toMatchObject({ code: "INDEX_CHAIN_RESET" });
    const [{ blocks } = { blocks: 0 }] = await database.sql
      .select({ blocks: count() })
      .from(chain.blocks);
    expect(blocks).toBe(20);
  },

  "notices a reset while it follows": async (database) => {
    const node = recordedChain();
    const { blocks } = node;
    blocks[30] = { ...blocks[30]!, parentHash: new Uint8Array(32) };
    await expect(indexTo(40, node, database)).rejects.toMatchObject({
      code: "INDEX_CHAIN_RESET",
      facts: { height: 30 },
    });
  },

  "goes on with a chain that was begun from an exported state, where it had come as far": async (
    database,
  ) => {
    const node = recordedChain();
    const { blocks, rpc } = node;
    await indexTo(15, node, database);
    blocks[20] = { ...blocks[20]!, parentHash: new Uint8Array() };
    const begun = { ...node, rpc: { ...rpc, status: async () => statusFrom(21n) } };
    const statusFrom = async (earliestHeight: bigint) => ({
      ...(await rpc.status()),
      earliestHeight,
    });
    await expect(indexTo(40, begun, database)).rejects.toMatchObject({
      code: "BLOCKS_PRUNED",
      facts: { wanted: 16n, earliest: 21n },
    });
    await indexTo(20, node, database);
    await indexTo(40, begun, database);
    const [{ height } = { height: 0 }] = await database.sql.select().from(chain.cursor);
    expect(height).toBe(40);
  },

  "goes on where of two nodes behind one address one has pruned what the other has": async (
    database,
  ) => {
    const node = recordedChain();
    await indexTo(20, node, database);
    let turn = 0;
    const block: typeof node.rpc.block = async (wanted) => {
      turn += 1;
      if (turn % 2 === 0) return node.rpc.block(wanted);
      throw new R3mesError({ code: "BLOCKS_PRUNED", wanted, earliest: 90n });
    };
    await indexTo(40, { ...node, rpc: { ...node.rpc, block } }, database);
    const [{ height } = { height: 0 }] = await database.sql.select().from(chain.cursor);
    expect(height).toBe(40);
  },

  "goes on when its node has no block yet": async (database) => {
    const node = recordedChain();
    await indexTo(20, node, database);
    const controller = new AbortController();
    const rpc: typeof node.rpc = {
      ...node.rpc,
      status: async () => ({ ...(await node.rpc.status()), latestHeight: 0n, earliestHeight: 0n }),
      block: async () => {
        throw new R3mesError({ code: "NODE_ANSWERED_ERROR", url: "x", answer: "height 0" });
      },
    };
    const sleep = async () => controller.abort();
    const deps = { rpc, records: node.records, database, sleep, log };
    await createIndexer({ pollMs: 1 }, deps).run(controller.signal);
    const [{ height } = { height: 0 }] = await database.sql.select().from(chain.cursor);
    expect(height).toBe(20);
  },

  "keeps hostile text as it is": async (database) => {
    const node = recordedChain();
    node.height = 1;
    node.blocks.splice(0, 1, hostileBlock(node.blocks[0]!));
    await indexTo(1, node, database);
    const [kept] = await database.sql.select().from(chain.transactions);
    expect(kept!.memo).toBe(hostileMemo.replace("\0", "\ufffd"));
    expect(kept!.messages).toEqual([
      { type: "nobody.knows.Msg", value: { bytes: "ff00" } },
      { type: "remes.v1.MsgCommit", value: { bytes: "ffffffff" } },
    ]);
    expect(Buffer.from(kept!.bytes)).toEqual(Buffer.from(node.blocks[0]!.transactions[0]!.bytes));
    const garbage = await database.sql
      .select()
      .from(chain.transactions)
      .where(eq(chain.transactions.index, 1));
    expect(garbage).toMatchObject([{ memo: "", messages: [], payer: "", fee: 0n, code: 2 }]);
  },
};

/** A database whose disk takes one write and refuses these many that follow. */
function fullFor(writes: number, database: Database): Database {
  const answers = [true, ...Array<boolean>(writes).fill(false)];
  const execute: Database["sql"]["execute"] = (query) => {
    if (answers.shift() ?? true) return database.sql.execute(query);
    const cause = Object.assign(new Error("could not extend file"), { code: "53100" });
    throw new Error("Failed query", { cause });
  };
  const sql = new Proxy(database.sql, {
    get: (target, name) => (name === "execute" ? execute : Reflect.get(target, name)),
  });
  return { ...database, sql };
}
