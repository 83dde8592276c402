/** What every command gets: where it runs, for which project, and in which form it answers. */
import type { Host } from "./host.ts";

export type CommandContext = {
  readonly host: Host;
  /** The folder `.r3mes` of the project, as an absolute path. */
  readonly home: string;
  /** Answer as JSON on standard output. */
  readonly json: boolean;
};
