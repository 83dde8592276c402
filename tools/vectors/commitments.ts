/** Vectors of commitments, digests and the beacon: spec/encoding.md section 9. */
import {
  beaconCommitment,
  beaconValue,
  type Execution,
  executionDigest,
  type SubmissionSecret,
  submissionCommitment,
  type VerdictSecret,
  verdictCommitment,
} from "@r3mes/protocol";
import { counting, describe, outcome } from "./describe.ts";
import type { VectorCase, VectorFile } from "./vectorFile.ts";

const cid = Uint8Array.of(1, 0x55, 0x12, 32, ...counting(100));

const submission: SubmissionSecret = {
  chain: "remes-1",
  pool: 1n,
  round: 2n,
  chunk: 3n,
  miner: counting(10, 20),
  stepsRoot: counting(0),
  updateRoot: counting(32),
  updateCid: cid,
  lossSum: 123_456_789n,
  salt: counting(64),
};

function submissionCases(): readonly VectorCase[] {
  const changes: readonly (readonly [string, Partial<SubmissionSecret>])[] = [
    ["a submission", {}],
    ["on another chain", { chain: "remestest-1" }],
    ["in another round", { round: 3n }],
    ["by another miner", { miner: counting(11, 20) }],
    ["under another salt", { salt: counting(65) }],
    ["with the least loss", { lossSum: -(2n ** 63n) }],
    ["with a dag-pb CID", { updateCid: cid.with(1, 0x70) }],
    ["with the longest chain id", { chain: "c".repeat(50) }],
    ["with a CID of another codec", { updateCid: cid.with(1, 0x71) }],
    ["with a CID of version 0", { updateCid: cid.with(0, 0) }],
    ["with a CID cut short", { updateCid: cid.slice(1) }],
    ["with a chain id of 51 bytes", { chain: "c".repeat(51) }],
    ["without a chain id", { chain: "" }],
  ];
  return changes.map(([name, change]) => {
    const secret = { ...submission, ...change };
    return { name, ...secret, ...outcome("commitment", () => submissionCommitment(secret)) };
  });
}

const verdict: VerdictSecret = {
  chain: "remes-1",
  pool: 1n,
  round: 2n,
  chunk: 3n,
  draw: 0,
  verifier: counting(10, 20),
  verdict: "valid",
  root: counting(0),
  digest: counting(32),
  salt: counting(64),
};

function verdictCases(): readonly VectorCase[] {
  const { root, digest, ...bare } = verdict;
  const secrets: readonly (readonly [string, VerdictSecret])[] = [
    ["valid", verdict],
    ["invalid", { ...verdict, verdict: "invalid" }],
    ["cannot check", { ...bare, verdict: "cannotCheck" }],
    ["update invalid", { ...verdict, verdict: "updateInvalid" }],
    ["a redraw", { ...verdict, draw: 2 }],
    ["by another verifier", { ...verdict, verifier: counting(11, 20) }],
    ["valid without a digest", { ...bare, root: root! }],
    ["valid without a root", { ...bare, digest: digest! }],
    ["cannot check with a root", { ...bare, verdict: "cannotCheck", root: root! }],
  ];
  return secrets.map(([name, secret]) => {
    return { name, ...secret, ...outcome("commitment", () => verdictCommitment(secret)) };
  });
}

const execution: Execution = {
  auditSeed: counting(0),
  t: 7,
  stateRoot: counting(32),
  updateRoot: counting(64),
  operations: [
    { index: 3, root: counting(96) },
    { index: 1330, root: counting(128) },
  ],
};

function executionCases(): readonly VectorCase[] {
  const changes: readonly (readonly [string, Partial<Execution>])[] = [
    ["two operations", {}],
    ["no operation", { operations: [] }],
    ["another step", { t: 8 }],
    ["descending operations", { operations: execution.operations.toReversed() }],
    ["a repeated operation", { operations: [execution.operations[0]!, execution.operations[0]!] }],
  ];
  return changes.map(([name, change]) => {
    const input = { ...execution, ...change };
    return { name, ...input, ...outcome("digest", () => executionDigest(input)) };
  });
}

function beaconCases(): readonly VectorCase[] {
  const reveal = (first: number) => ({
    verifier: counting(first, 20),
    secret: counting(first + 100),
  });
  const epoch = {
    chain: "remes-1",
    epoch: 5n,
    previous: counting(0),
    firstBlock: counting(32),
    reveals: [reveal(1), reveal(2), reveal(200)],
  };
  const values: readonly (readonly [string, Partial<typeof epoch>])[] = [
    ["three reveals", {}],
    ["no reveal", { reveals: [] }],
    ["before the first epoch", { epoch: 0n, previous: new Uint8Array(32), reveals: [reveal(1)] }],
    ["reveals out of order", { reveals: [reveal(2), reveal(1)] }],
    ["a verifier twice", { reveals: [reveal(1), reveal(1)] }],
  ];
  const commitment = {
    chain: "remes-1",
    epoch: 5n,
    verifier: counting(1, 20),
    secret: counting(101),
  };
  return [
    { name: "a commitment", ...commitment, commitment: beaconCommitment(commitment) },
    ...values.map(([name, change]) => {
      const input = { ...epoch, ...change };
      return { name, ...input, ...outcome("value", () => beaconValue(input)) };
    }),
  ];
}

export function commitmentVectors(): readonly VectorFile[] {
  const files: readonly VectorFile[] = [
    {
      path: "commitment/submission.json",
      about: "Commitments to submissions.",
      cases: submissionCases(),
    },
    { path: "commitment/verdict.json", about: "Commitments to verdicts.", cases: verdictCases() },
    { path: "commitment/execution.json", about: "Execution digests.", cases: executionCases() },
    {
      path: "commitment/beacon.json",
      about: "A beacon commitment, and beacon values.",
      cases: beaconCases(),
    },
  ];
  return files.map((file) => ({
    ...file,
    cases: file.cases.map((vector) => describe(vector) as VectorCase),
  }));
}
