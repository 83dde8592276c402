/** Referees, models, datasets. Status is what events say; the rest is read from the chain once. */
import { chain } from "@r3mes/database";
import { toHex } from "@r3mes/protocol";
import {
  type Dataset,
  EventDatasetProposedSchema,
  EventDatasetStatusChangedSchema,
  EventModelRegisteredSchema,
  EventModelStatusChangedSchema,
  EventRefereeRegisteredSchema,
  type Model,
  type Referee,
  StatusSchema,
  StepProgramSchema,
} from "@r3mes/protocol/messages";
import { cidText, enumWord, plainMessage } from "../decode/plainMessage.ts";
import { change, on } from "./place.ts";

export const registryHandlers = [
  on(EventRefereeRegisteredSchema, async ({ refereeId }, { rows, records }) => {
    const id = toHex(refereeId);
    const referees = await records.referees();
    for (const referee of referees.filter((one) => toHex(one.id) === id)) {
      rows.put(chain.referees, refereeRow(referee));
    }
  }),
  on(EventModelRegisteredSchema, async ({ modelId }, { rows, records }) => {
    // A model enters approved; what became of it since is for later events to say.
    rows.put(chain.models, { ...modelRow(await records.model(modelId)), status: "approved" });
  }),
  on(EventModelStatusChangedSchema, async ({ modelId, status }, place) => {
    await change(place, chain.models, { id: Number(modelId) }, () => ({
      status: enumWord(StatusSchema, status),
    }));
  }),
  on(EventDatasetProposedSchema, async ({ datasetId }, { rows, records }) => {
    rows.put(chain.datasets, {
      ...datasetRow(await records.dataset(datasetId)),
      status: "proposed",
    });
  }),
  on(EventDatasetStatusChangedSchema, async ({ datasetId, status }, place) => {
    await change(place, chain.datasets, { id: Number(datasetId) }, () => ({
      status: enumWord(StatusSchema, status),
    }));
  }),
];

export function refereeRow({ id, size, height }: Referee) {
  return { id: toHex(id), size, height: Number(height) };
}

export function modelRow(model: Model) {
  return {
    id: Number(model.id),
    name: model.name,
    status: enumWord(StatusSchema, model.status),
    architecture: model.architecture,
    manifestCid: cidText(model.manifestCid),
    backboneRoot: toHex(model.backboneRoot),
    tokenizerHash: toHex(model.tokenizerHash),
    initialAdapterRoot: toHex(model.initialAdapterRoot),
    initialAdapterCid: cidText(model.initialAdapterCid),
    programs: model.programs.map((program) => plainMessage(StepProgramSchema, program)),
    refereeId: toHex(model.refereeId),
    targets: model.targets,
    licence: model.licence,
    height: Number(model.height),
  };
}

export function datasetRow(dataset: Dataset) {
  return {
    id: Number(dataset.id),
    provider: dataset.provider,
    royaltyAddress: dataset.royaltyAddress,
    name: dataset.name,
    manifestCid: cidText(dataset.manifestCid),
    root: toHex(dataset.root),
    tokens: dataset.tokens,
    tokenizerHash: toHex(dataset.tokenizerHash),
    licence: dataset.licence,
    status: enumWord(StatusSchema, dataset.status),
    height: Number(dataset.height),
  };
}
