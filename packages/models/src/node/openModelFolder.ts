/** A model's folder, opened. */
import { nodeSha256 } from "@r3mes/engine/node";
import { type Model, openModel } from "../model/openModel.ts";
import { openFolder } from "./openFolder.ts";

/** A model on disk; whoever opens it closes it. */
export type OpenedModel = Model & { close(): Promise<void> };

/** @throws what `openModel` throws */
export async function openModelFolder(folder: string): Promise<OpenedModel> {
  const files = openFolder(folder);
  try {
    return { ...(await openModel(files, nodeSha256)), close: files.close };
  } catch (error) {
    await files.close();
    throw error;
  }
}
