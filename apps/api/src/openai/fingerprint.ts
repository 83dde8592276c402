/** Which weights answered, in one short word: equal words mean equal answers to equal requests with equal seeds. */
import { hash } from "node:crypto";
import type { ModelManifest } from "@r3mes/models";
import type { ServedModel } from "../catalogue/modelCatalogue.ts";

export function fingerprint(
  { backbone, tokenizer }: ModelManifest,
  { adapter }: ServedModel,
): string {
  const weights = [backbone.root, adapter ?? "", tokenizer?.sha256 ?? ""].join(" ");
  return `fp_${hash("sha256", weights).slice(0, 16)}`;
}
