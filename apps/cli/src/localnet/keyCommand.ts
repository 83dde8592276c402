/** What a shell is told to show the API key of a localnet. */
import { shellWord } from "./shellWord.ts";

export function keyCommand(home: string): string {
  return `cat ${shellWord(`${home}/localnet/api/local.key`)}`;
}
