/** Models, datasets, and the versions that training made. */
import { z } from "zod";
import {
  adapterStatus,
  address,
  amount,
  cid,
  hash,
  height,
  loss,
  momentumRoot,
  number,
  registryStatus,
  sum64,
  text,
  timeMs,
} from "./primitives.ts";
import { attestation } from "./work.ts";

export const model = z
  .object({
    id: number,
    name: text,
    status: registryStatus,
    height,
    architecture: text,
    manifestCid: cid,
    backboneRoot: hash,
    tokenizerHash: hash,
    initialAdapterRoot: hash,
    initialAdapterCid: cid,
    programs: z
      .array(z.record(z.string(), z.unknown()))
      .describe("The step programs as registered, bytes in hexadecimal."),
    refereeId: hash,
    targets: text,
    licence: text,
  })
  .meta({ id: "Model" });

export const referee = z.object({ id: hash, size: number, height }).meta({ id: "Referee" });

export const dataset = z
  .object({
    id: number,
    provider: address,
    royaltyAddress: address,
    name: text,
    manifestCid: cid,
    root: hash,
    tokens: sum64,
    tokenizerHash: hash,
    licence: text,
    status: registryStatus,
    height,
  })
  .meta({ id: "Dataset" });

export const datasetDetail = dataset
  .extend({
    poolIds: z.array(number),
    adapterIds: z.array(number).describe("Versions that were trained on it, oldest first."),
    credited: amount.describe("To its royalty address as data provider."),
  })
  .meta({ id: "DatasetDetail" });

export const adapter = z
  .object({
    id: number,
    modelId: number,
    datasetId: number,
    poolId: number,
    round: number,
    parentId: number.describe("0 is the model's fresh adapter."),
    root: hash,
    momentumRoot: momentumRoot.nullable(),
    cid,
    heldOutLoss: loss,
    submissions: number,
    status: adapterStatus,
    height,
    timeMs,
    matureHeight: height.nullable(),
  })
  .meta({ id: "Adapter" });

export const contributor = z
  .object({ miner: address, submissions: number, paid: amount })
  .meta({ id: "Contributor" });

export const adapterDetail = adapter
  .extend({
    lineage: z.array(adapter).describe("Its ancestors, the parent first."),
    children: z.array(number),
    contributors: z.array(contributor),
    attestations: z.array(attestation),
    model: model.nullable(),
    dataset: dataset.nullable(),
  })
  .meta({ id: "AdapterDetail" });
