import { expect, test } from "vitest";
import { fromHex } from "../encoding/fromHex.ts";
import { toHex } from "../encoding/toHex.ts";
import { readVectors, refusalOf, type Vector } from "../testing/readVectors.ts";
import { beaconCommitment } from "./beaconCommitment.ts";
import { beaconValue } from "./beaconValue.ts";
import { executionDigest } from "./executionDigest.ts";
import { submissionCommitment } from "./submissionCommitment.ts";
import { verdictCommitment } from "./verdictCommitment.ts";

function place({ chain, pool, round, chunk }: Vector) {
  return { chain, pool: BigInt(pool), round: BigInt(round), chunk: BigInt(chunk) };
}

test.each(readVectors("commitment/submission.json"))("$name", (vector) => {
  const secret = {
    ...place(vector),
    miner: fromHex(vector.miner),
    stepsRoot: fromHex(vector.stepsRoot),
    updateRoot: fromHex(vector.updateRoot),
    updateCid: fromHex(vector.updateCid),
    lossSum: BigInt(vector.lossSum),
    salt: fromHex(vector.salt),
  };
  expect(refusalOf(() => submissionCommitment(secret))).toBe(vector.refused);
  if (vector.refused === undefined) {
    expect(toHex(submissionCommitment(secret))).toBe(vector.commitment);
  }
});

test.each(readVectors("commitment/verdict.json"))("a verdict: $name", (vector) => {
  const secret = {
    ...place(vector),
    draw: vector.draw,
    verifier: fromHex(vector.verifier),
    verdict: vector.verdict,
    salt: fromHex(vector.salt),
    ...(vector.root === undefined ? {} : { root: fromHex(vector.root) }),
    ...(vector.digest === undefined ? {} : { digest: fromHex(vector.digest) }),
  };
  expect(refusalOf(() => verdictCommitment(secret))).toBe(vector.refused);
  if (vector.refused === undefined)
    expect(toHex(verdictCommitment(secret))).toBe(vector.commitment);
});

test.each(readVectors("commitment/execution.json"))("a digest of $name", (vector) => {
  const operations = (vector.operations as { index: number; root: string }[]).map(
    ({ index, root }) => ({ index, root: fromHex(root) }),
  );
  const execution = {
    auditSeed: fromHex(vector.auditSeed),
    t: vector.t,
    stateRoot: fromHex(vector.stateRoot),
    updateRoot: fromHex(vector.updateRoot),
    operations,
  };
  expect(refusalOf(() => executionDigest(execution))).toBe(vector.refused);
  if (vector.refused === undefined) expect(toHex(executionDigest(execution))).toBe(vector.digest);
});

test.each(readVectors("commitment/beacon.json"))("a beacon: $name", (vector) => {
  const { chain } = vector;
  const epoch = BigInt(vector.epoch);
  if (vector.commitment !== undefined) {
    const verifier = fromHex(vector.verifier);
    const commitment = beaconCommitment({ chain, epoch, verifier, secret: fromHex(vector.secret) });
    expect(toHex(commitment)).toBe(vector.commitment);
    return;
  }
  const reveals = (vector.reveals as { verifier: string; secret: string }[]).map((reveal) => ({
    verifier: fromHex(reveal.verifier),
    secret: fromHex(reveal.secret),
  }));
  const previous = fromHex(vector.previous);
  const input = { chain, epoch, previous, firstBlock: fromHex(vector.firstBlock), reveals };
  expect(refusalOf(() => beaconValue(input))).toBe(vector.refused);
  if (vector.refused === undefined) expect(toHex(beaconValue(input))).toBe(vector.value);
});

test("more operations or reveals than the limits admit are refused", () => {
  const operations = Array.from({ length: 9 }, (_, index) => ({ index, root: new Uint8Array(32) }));
  const hash = new Uint8Array(32);
  const execution = { auditSeed: hash, t: 1, stateRoot: hash, updateRoot: hash, operations };
  expect(refusalOf(() => executionDigest(execution))).toBe("LIMIT_EXCEEDED");
  const reveals = Array.from({ length: 1025 }, () => ({
    verifier: new Uint8Array(20),
    secret: hash,
  }));
  const epoch = { chain: "c", epoch: 1n, previous: hash, firstBlock: hash, reveals };
  expect(refusalOf(() => beaconValue(epoch))).toBe("LIMIT_EXCEEDED");
});
