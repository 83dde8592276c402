/** The dashboard's built pages over a real API that answers with the shipped model and two adapters. For tests of the playground. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildTrainingProgram, initialFactors, LINEARS, type ModelManifest } from "@r3mes/models";
import { GENESIS_FOLDER, openModelFolder } from "@r3mes/models/node";
import { encodeManifest, noise, toHex } from "@r3mes/protocol";
import { createLogger, systemClock } from "@r3mes/service";
import { encodeAdapter, freshAdapter, rootOfAdapterFile } from "@r3mes/training";
import { localKeyFile } from "../apps/api/src/runApi.ts";
import { startApi } from "../apps/api/src/testing/startApi.ts";
import { createServer } from "../apps/dashboard/src/server/createServer.ts";
import { builtPages } from "./openDashboard.ts";

export type OpenPlayground = {
  readonly origin: string;
  readonly close: () => Promise<void>;
};

const rank = 4;

export async function openPlayground(): Promise<OpenPlayground> {
  const log = createLogger(
    { name: "test", level: "silent", format: "json" },
    { stream: process.stderr, clock: systemClock },
  );
  const adapters = mkdtempSync(join(tmpdir(), "r3mes-adapters-"));
  const { manifest, close: closeModel } = await openModelFolder(GENESIS_FOLDER);
  await closeModel();
  writeAdapter(adapters, manifest, "fresh", 0);
  // As far as two: near enough for English, and far enough for other words.
  writeAdapter(adapters, manifest, "moved", 2 << 24);
  const api = await startApi({ inference: { adapters } });
  const options = {
    pages: builtPages,
    api: new URL(api.baseUrl).origin,
    localKeyFile: join(api.folder, localKeyFile),
  };
  const pages = await createServer(options, { log });
  const origin = await pages.listen({ host: "127.0.0.1", port: 0 });
  return {
    origin,
    async close() {
      await pages.close();
      await api.close();
      rmSync(adapters, { recursive: true });
    },
  };
}

/** An adapter of the shipped model; `reach` bounds how far its second factors lie from the zeros that training starts with (Q24). */
function writeAdapter(
  folder: string,
  { architecture, backbone }: ModelManifest,
  name: string,
  reach: number,
): void {
  const program = buildTrainingProgram(architecture, {
    ...{ sequences: 1, length: 1, adapter: { rank, alpha: 2 * rank, targets: LINEARS } },
    optimizer: "adam",
  });
  const { factors, momenta } = freshAdapter(
    { program },
    initialFactors(program, { low: 1, high: 0 }),
  );
  const moved = factors.map((factor, number) =>
    factor.map((value, place) =>
      reach > 0 && value === 0 ? (noise(1, 0, number, place, 0) % (2 * reach)) - reach : value,
    ),
  );
  const bytes = encodeAdapter({ factors: moved, momenta });
  const manifest = {
    ...{ format: "remes/local-adapter/1", model: backbone.root, optimizer: "adam" },
    ...{ rank, alpha: 2 * rank, root: toHex(rootOfAdapterFile(program, bytes)) },
  };
  mkdirSync(join(folder, name));
  writeFileSync(join(folder, name, "adapter.json"), encodeManifest(manifest));
  writeFileSync(join(folder, name, "adapter.bin"), bytes);
}
