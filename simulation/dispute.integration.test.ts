import { createClient } from "@connectrpc/connect";
import { queryTransport } from "@r3mes/chain-client";
import { recordsOf } from "@r3mes/engine";
import { contentOf } from "@r3mes/participant";
import { toHex } from "@r3mes/protocol";
import { AdapterStatus, CaseKind, CaseOutcome, Fault, Query } from "@r3mes/protocol/messages";
import { afterAll, beforeAll, expect, test } from "vitest";
import { replayCase } from "../apps/cli/src/proof/replayCase.ts";
import { type PlayedDisputes, playDisputes, WRONG_TENSOR } from "./playDisputes.ts";
import { openSessions } from "./trainingPool.ts";

let played: PlayedDisputes;

beforeAll(async () => {
  played = await playDisputes();
});

afterAll(() => played?.close());

test("a miner that defends a wrong tile is convicted by its execution, within sixty blocks", async () => {
  const { actors, place, ofLiar } = played;
  const { case: record, offences } = ofLiar;
  expect(record!.outcome).toBe(CaseOutcome.CONVICTED);
  expect(record!.closeHeight - record!.openHeight).toBeLessThanOrEqual(60n);
  expect(record!.executedHash).toHaveLength(32);
  expect(record!.executedHash).not.toEqual(record!.claim!.hash);
  const { opened } = await openSessions(actors.sponsor!, place.store, place.pool);
  const operation = recordsOf(opened.plan.program)[record!.operation]!.operation.name;
  expect(operation).toBe(WRONG_TENSOR);
  const offence = offences.find(({ fault }) => fault === Fault.WRONG_STEP)!;
  expect(offence.offender).toBe(actors.liar!.address);
  expect(offence.taken).toBeGreaterThan(0n);
});

test("a challenger that stands by a wrong tile loses its bond, half of it to the miner", () => {
  const { case: record, offences } = played.ofGriefer;
  expect(record!.outcome).toBe(CaseOutcome.ACQUITTED);
  expect(record!.executedHash).toEqual(record!.claim!.hash);
  const offence = offences.find(({ fault }) => fault === Fault.FALSE_CHALLENGE)!;
  expect(offence.offender).toBe(played.actors.griefer!.address);
  expect(offence.taken).toBe(record!.bond);
  expect(2n * offence.awarded).toBe(record!.bond);
});

test("a wrong sum that a majority's bond adopted is convicted by one of its tiles, and its version recalled", async () => {
  const { actors, ofSum } = played;
  const { case: record, offences } = ofSum;
  expect(record).toMatchObject({ kind: CaseKind.AGGREGATE, outcome: CaseOutcome.CONVICTED });
  expect(record!.executedHash).toHaveLength(32);
  expect(record!.executedHash).not.toEqual(record!.claim!.hash);
  const liar = actors["verifier-3"]!.address;
  expect(record!.attesters).toEqual([liar]);
  const fined = offences.map(({ fault, offender }) => ({ fault, offender }));
  expect(fined).toEqual([{ fault: Fault.WRONG_SUM, offender: liar }]);
  const { adapter } = await actors.sponsor!.query.adapter({ id: 1n });
  expect(adapter!.status).toBe(AdapterStatus.RECALLED);
});

test("a stranger who computes the three disputed tiles gets what consensus computed", async () => {
  const { actors, chain, place } = played;
  const { query, log } = actors.sponsor!;
  const { rpc } = chain;
  const queryAt = (height: bigint) => createClient(Query, queryTransport(rpc, height));
  const ports = { rpc, query, queryAt, log, content: contentOf(place.store) };
  for (const { case: record } of [played.ofLiar, played.ofGriefer, played.ofSum]) {
    const { equal, tile } = await replayCase(record!.id, ports, () => {});
    expect({ equal, ...tile }).toEqual({
      equal: true,
      root: toHex(record!.executedHash),
      executed: toHex(record!.executedHash),
      stated: toHex(record!.claim!.hash),
    });
  }
});

test("what the chain holds is what its records say", async () => {
  const { balances } = await played.actors.sponsor!.query.supply({});
  for (const balance of balances) expect(balance.held, balance.account).toBe(balance.recorded);
});
