/** What the dataset commands say of a dataset. */
import type { DatasetManifest } from "@r3mes/models";
import type { CommandContext } from "../commandContext.ts";
import { writeRows } from "../writeRows.ts";

/** @param facts that only one command knows, such as that the shards were checked */
export function reportDataset(
  { host, json }: CommandContext,
  folder: string,
  manifest: DatasetManifest,
  facts: { readonly [name: string]: string | boolean } = {},
): void {
  if (json) {
    host.stdout.write(`${JSON.stringify({ folder, ...manifest, ...facts })}\n`);
    return;
  }
  const parts = Object.entries(manifest.splits).map(
    ([split, { documents, bytes, tokens }]) =>
      [split, `${tokens} tokens of ${documents} documents, ${bytes} bytes`] as const,
  );
  const { name, title, source, author, date, licence, royaltyAddress, tokenizer, root } = manifest;
  writeRows(host, [
    ["dataset", name],
    ["folder", folder],
    ["title", title],
    ["source", source],
    ["author", author],
    ["date", date],
    ["licence", licence],
    ["royalties", royaltyAddress ?? "none"],
    ...parts,
    ["tokenizer", tokenizer.sha256],
    ["shards", manifest.shards.length],
    ["root", root],
    ...Object.entries(facts).map(([fact, value]) => [fact, String(value)] as const),
  ]);
}
