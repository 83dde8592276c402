/** An adapter as it is brought: the factors of its file, by name. */
import type { AdapterShape } from "@r3mes/models";
import type { AdapterTensors } from "./adapterTensors.ts";

export interface ServedAdapter {
  readonly shape: AdapterShape;
  readonly tensors: AdapterTensors;
}
