/**
 * Imports the exported genesis checkpoint into `packages/models/genesis/`, in the project's own format.
 *
 *     node tools/genesis/importGenesis.ts CHECKPOINT
 */
import { GENESIS_FOLDER, importCheckpointFolder } from "@r3mes/models/node";

const [from] = process.argv.slice(2);
if (from === undefined) {
  console.error("usage: node tools/genesis/importGenesis.ts CHECKPOINT");
  process.exit(2);
}
const { manifest, assumptions } = await importCheckpointFolder({
  from,
  to: GENESIS_FOLDER,
  // The published programs of this model have none; its rows are far larger than what it would add.
  normEpsilon: 0,
  description: {
    name: "genesis",
    source: "trained by the R3MES authors, see MODEL_CARD.md",
    licence: "Apache-2.0",
  },
});
for (const assumption of assumptions) console.log(`assumed: ${assumption}`);
console.log(`backbone ${manifest.backbone.root}, ${manifest.backbone.bytes} bytes`);
