/** Where the shipped model lies. */
import { fileURLToPath } from "node:url";

/** Where the genesis model lies: the model that R3MES trained and ships. */
export const GENESIS_FOLDER = fileURLToPath(new URL("../../genesis/", import.meta.url));
