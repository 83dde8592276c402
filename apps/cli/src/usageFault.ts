/** What the command line's parser refuses, with the command that it was parsing. Kept light. */
import type { Command, CommanderError } from "commander";

export class UsageFault extends Error {
  readonly error: CommanderError;
  readonly command: Command;

  constructor(error: CommanderError, command: Command) {
    super(error.message);
    this.name = "UsageFault";
    this.error = error;
    this.command = command;
  }

  /** True when help was asked for and shown: no fault at all. */
  get isHelp(): boolean {
    return this.error.exitCode === 0;
  }
}
