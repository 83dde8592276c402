/** What there is to train, to work for, to replay, to challenge and to reproduce, as a node knows it: numbers to hand to others. */
import type { Client } from "@connectrpc/connect";
import { listAll } from "@r3mes/chain-client";
import { asUremes, formatRemes } from "@r3mes/protocol";
import {
  AdapterStatus,
  type AdapterVersion,
  type Case,
  CaseKind,
  CaseOutcome,
  type Dataset,
  type Model,
  type Pool,
  PoolStatus,
  type Query,
  type Round,
  Status,
  type Submission,
  SubmissionStatus,
} from "@r3mes/protocol/messages";
import { placeText } from "./caseText.ts";
import type { ListKind } from "./listKinds.ts";

/** Texts by their names; people are addresses. */
export type Listed = { readonly [name: string]: string };

type ChainQuery = Pick<
  Client<typeof Query>,
  "pools" | "models" | "datasets" | "rounds" | "submissions" | "cases" | "adapters"
>;

/** In the order of their numbers. Of submissions, those that the chain still has: they may be challenged, or wait for it. */
export async function readList(kind: ListKind, query: ChainQuery): Promise<readonly Listed[]> {
  if (kind === "pools") {
    const pools = await listAll(query, "pools");
    return pools.map(listedPool);
  }
  if (kind === "models") {
    const models = await listAll(query, "models");
    return models.map(listedModel);
  }
  if (kind === "datasets") {
    const datasets = await listAll(query, "datasets");
    return datasets.map(listedDataset);
  }
  if (kind === "submissions") return (await submissionsOf(query)).map(listedSubmission);
  if (kind === "cases") {
    const cases = await listAll(query, "cases");
    return cases.map(listedCase);
  }
  const versions = await listAll(query, "adapters");
  return versions.map(listedAdapter);
}

async function submissionsOf(query: ChainQuery): Promise<Submission[]> {
  const pools = await listAll(query, "pools");
  const found: Submission[] = [];
  for (const { id: poolId } of pools) {
    const rounds = await listAll(query, "rounds", { poolId });
    for (const { number: round } of rounds.filter(hasSubmissions)) {
      const submissions = await listAll(query, "submissions", { poolId, round });
      found.push(...submissions);
    }
  }
  return found.sort((a, b) => (a.id < b.id ? -1 : 1));
}

function hasSubmissions({ committed, openSubmissions, unsettled }: Round): boolean {
  return committed > 0 && openSubmissions + unsettled > 0;
}

/** A chunk pays its price and a share of the emission; escrow is what is left for those to come. */
function listedPool({ id, status, chunkPrice, escrow, round, ...pool }: Pool): Listed {
  return {
    pool: String(id),
    status: poolWords[status] ?? "unknown",
    round: `${round} of ${pool.rounds}`,
    ...{ model: String(pool.modelId), dataset: String(pool.datasetId) },
    price: `${formatRemes(asUremes(chunkPrice))} REMES`,
    escrow: `${formatRemes(asUremes(escrow))} REMES`,
  };
}

function listedModel({ id, name, status, architecture, licence }: Model): Listed {
  return {
    model: String(id),
    name,
    status: registryWords[status] ?? "unknown",
    architecture,
    licence,
  };
}

function listedDataset({ id, name, status, tokens, licence, provider }: Dataset): Listed {
  return {
    ...{ dataset: String(id), name, status: registryWords[status] ?? "unknown" },
    ...{ tokens: String(tokens), licence, provider },
  };
}

function listedSubmission({ id, status, miner, chunk, round, poolId }: Submission): Listed {
  return {
    submission: String(id),
    status: submissionWords[status] ?? "unknown",
    ...{ miner, chunk: String(chunk), round: String(round), pool: String(poolId) },
  };
}

function listedCase(record: Case): Listed {
  const { id, kind, outcome, submissionId, defender, challenger } = record;
  return {
    case: String(id),
    outcome: caseWords[outcome] ?? "unknown",
    about: kind === CaseKind.AGGREGATE ? `round ${record.round}` : `submission ${submissionId}`,
    place: placeText(record) || "not known yet",
    ...{ accused: defender, challenger },
  };
}

function listedAdapter({ id, poolId, status, round, submissions, height }: AdapterVersion): Listed {
  return {
    adapter: `pool-${poolId}@v${id}`,
    status: adapterWords[status] ?? "unknown",
    ...{ round: String(round), submissions: String(submissions), height: String(height) },
  };
}

const poolWords: { readonly [status in PoolStatus]?: string } = {
  [PoolStatus.OPEN]: "open",
  [PoolStatus.CLOSING]: "closing",
  [PoolStatus.CLOSED]: "closed",
};

const registryWords: { readonly [status in Status]?: string } = {
  [Status.PROPOSED]: "proposed",
  [Status.APPROVED]: "approved",
  [Status.RETIRED]: "retired",
};

const submissionWords: { readonly [status in SubmissionStatus]?: string } = {
  [SubmissionStatus.COMMITTED]: "committed",
  [SubmissionStatus.REVEALED]: "revealed",
  [SubmissionStatus.DRAWN]: "drawn",
  [SubmissionStatus.AUDITED]: "audited",
  [SubmissionStatus.ACCEPTED]: "accepted",
  [SubmissionStatus.UNCOUNTED]: "uncounted",
  [SubmissionStatus.DISPUTED]: "disputed",
  [SubmissionStatus.FAULTY]: "faulty",
  [SubmissionStatus.MATURE]: "mature",
};

const caseWords: { readonly [outcome in CaseOutcome]?: string } = {
  [CaseOutcome.UNSPECIFIED]: "open",
  [CaseOutcome.CONVICTED]: "convicted",
  [CaseOutcome.ACQUITTED]: "acquitted",
  [CaseOutcome.DEFENDER_SILENT]: "defender silent",
  [CaseOutcome.CHALLENGER_SILENT]: "challenger silent",
  [CaseOutcome.MOOT]: "moot",
  [CaseOutcome.UNDECIDED]: "undecided",
};

const adapterWords: { readonly [status in AdapterStatus]?: string } = {
  [AdapterStatus.PROVISIONAL]: "provisional",
  [AdapterStatus.MATURE]: "mature",
  [AdapterStatus.RECALLED]: "recalled",
};
