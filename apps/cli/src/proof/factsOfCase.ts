/** What the chain knows when it judges a case, from its own records alone: no content is needed. Source: spec/verification.md section 3. */
import type { Client } from "@connectrpc/connect";
import { createReferee, nodeSha256 } from "@r3mes/engine/node";
import { recordsOfPool } from "@r3mes/participant";
import { asHash, equalBytes, R3mesError, sha256, toHex } from "@r3mes/protocol";
import type { Case, Model, Query, Round } from "@r3mes/protocol/messages";
import { type CaseFacts, constantsOfStep } from "@r3mes/training";

type ChainQuery = Client<typeof Query>;

/** Of a case about a step or a digest. `query` asks a state in which the case was open: later its submission is deleted. */
export async function factsOfCase(record: Case, query: ChainQuery): Promise<CaseFacts> {
  const { submissionId, poolId, round: number } = record;
  const [{ submission }, { pool, model, dataset }, { round }] = await Promise.all([
    query.submission({ id: submissionId }),
    recordsOfPool(query, poolId),
    query.round({ poolId, number }),
  ]);
  const program = model.programs[pool.program]!;
  const { weights, stateTensors, stateWriters } = program;
  const { localSteps, learningRates } = pool.hyperparameters!;
  const plan = { localSteps, learningRates, decay: 0 };
  const { chunk, stepsRoot } = submission!;
  const leased = { round: number, chunk: Number(chunk), roundSeed: round!.seed };
  const { root, shards, tokens } = dataset;
  return {
    program: {
      ...{ weights, stateTensors, stateWriters },
      root: asHash(program.root),
      records: program.operations,
    },
    backboneRoot: model.backboneRoot,
    dataset: { root, shards, tokens: Number(tokens) },
    batch: { sequenceTokens: program.sequence, batchSequences: program.batch, localSteps },
    place: { pool: poolId, round: BigInt(number), chunk },
    adapterRoot: await adapterRootOf(round!, model, query),
    stepsRoot,
    constants: (t) => constantsOfStep(plan, leased, t),
    referee: createReferee(await refereeOf(model, query)),
    hash: nodeSha256,
  };
}

async function adapterRootOf(
  { adapterId }: Round,
  { initialAdapterRoot }: Model,
  query: ChainQuery,
): Promise<Uint8Array> {
  if (adapterId === 0n) return initialAdapterRoot;
  return (await query.adapter({ id: adapterId })).adapter!.root;
}

/** The module that the model has registered: it is what its name says, whoever hands it out. */
async function refereeOf({ refereeId }: Model, query: ChainQuery): Promise<Uint8Array> {
  const id = toHex(refereeId);
  const { module } = await query.refereeModule({ id });
  if (equalBytes(sha256(module), refereeId)) return module;
  throw new R3mesError({ code: "CONTENT_CORRUPT", cid: id });
}
