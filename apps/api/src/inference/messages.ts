/** What the thread that serves requests and the worker that computes answers say to each other. */
import type { AnswerEnd, AnswerPiece, InferenceRequest } from "@r3mes/inference";
import type { AdapterShape } from "@r3mes/models";
import type { DeviceBackend } from "@r3mes/participant";
import type { ErrorReport } from "@r3mes/protocol";

export interface WorkerStart {
  /** The model's folder. */
  readonly model: string;
  readonly backend: DeviceBackend;
  readonly threads: number;
  readonly activeMax: number;
  readonly together: number;
  readonly cacheBytesMax: number;
  readonly adapterBytesMax: number;
}

/** An adapter's file, with what is needed to read it. */
export interface AdapterFile {
  readonly shape: AdapterShape;
  /** Factors, then momenta: spec/adapter.md. */
  readonly bytes: Uint8Array;
}

export type ToWorker =
  | {
      readonly kind: "ask";
      readonly id: number;
      readonly asker: string;
      readonly request: InferenceRequest;
    }
  | {
      readonly kind: "embed";
      readonly id: number;
      readonly asker: string;
      readonly tokens: readonly number[];
      readonly adapter: string | null;
    }
  | { readonly kind: "cancel"; readonly id: number }
  | { readonly kind: "adapter"; readonly adapter: string; readonly file: AdapterFile }
  | { readonly kind: "noAdapter"; readonly adapter: string; readonly error: ErrorReport };

/** What the worker tells of one request. */
export type RequestNews =
  | { readonly kind: "begin"; readonly id: number }
  | { readonly kind: "piece"; readonly id: number; readonly piece: AnswerPiece }
  | { readonly kind: "end"; readonly id: number; readonly end: AnswerEnd | undefined }
  | { readonly kind: "vector"; readonly id: number; readonly vector: number[] | undefined }
  | { readonly kind: "failed"; readonly id: number; readonly error: ErrorReport };

export type FromWorker =
  | { readonly kind: "ready" }
  | { readonly kind: "warn"; readonly text: string }
  /** In the order in which it happened. */
  | { readonly kind: "news"; readonly news: readonly RequestNews[] }
  /** The worker lacks an adapter. */
  | { readonly kind: "need"; readonly adapter: string };
