/** What the routes of `/v1` are given. */
import type { SignReceipt } from "@r3mes/inference";
import type { ModelManifest, Tokenizer } from "@r3mes/models";
import type { Clock, Randomness } from "@r3mes/service";
import type { Access } from "../access/access.ts";
import type { ModelCatalogue } from "../catalogue/modelCatalogue.ts";
import type { ModelWorker } from "../inference/createModelWorker.ts";
import type { AnswerMetrics } from "./answerMetrics.ts";

export interface OpenaiDeps {
  readonly catalogue: ModelCatalogue;
  readonly worker: Pick<ModelWorker, "ask" | "embed">;
  /** Of the backbone that every served model has. */
  readonly manifest: ModelManifest;
  readonly tokenizer: Tokenizer;
  readonly access: Pick<Access, "admit">;
  readonly clock: Clock;
  readonly randomness: Randomness;
  readonly signReceipt: SignReceipt;
  readonly metrics: AnswerMetrics;
}
