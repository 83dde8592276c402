/** The model that R3MES ships, as the folder under whose address it is registered. */
import { BACKBONE_FILE, MODEL_MANIFEST_FILE, TOKENIZER_FILE } from "@r3mes/models";
import { GENESIS_FOLDER } from "@r3mes/models/node";
import type { ContentId, ContentStore } from "@r3mes/storage";
import { readFiles } from "./readFiles.ts";

export async function putGenesis(store: Pick<ContentStore, "putFolder">): Promise<ContentId> {
  const names = [MODEL_MANIFEST_FILE, BACKBONE_FILE, TOKENIZER_FILE];
  return store.putFolder(await readFiles(GENESIS_FOLDER, names));
}
