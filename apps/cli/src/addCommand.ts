/** How a command enters the tree: its help in one style, its errors told once. It must stay light. */
import { type Command, type HelpConfiguration, Option } from "commander";
import type { CommandContext } from "./commandContext.ts";
import type { ExitCode } from "./exitCodes.ts";
import { columnsOf, type Host } from "./host.ts";
import { UsageFault } from "./usageFault.ts";

export type Action = (context: CommandContext) => Promise<ExitCode>;

export type CommandText = {
  readonly name: string;
  readonly summary: string;
  readonly details?: string;
  readonly examples: readonly (readonly [command: string, meaning: string])[];
};

/** What a command does is loaded when it runs, and gives an exit code. */
export type Run = (action: Action) => Promise<void>;

const helpColumnsMax = 100;
export const helpOption = new Option("-h, --help", "show this help");

export function addCommand(
  parent: Command,
  host: Host,
  text: CommandText,
  options: { isDefault?: boolean } = {},
): Command {
  const command = parent.command(text.name, options);
  dress(command, host, text);
  return command;
}

/** Help and errors in one style for every command. */
export function dress(command: Command, host: Host, text: CommandText): void {
  const { bold, dim, cyan } = host.paint;
  const width = Math.max(...text.examples.map(([example]) => example.length));
  const examples = text.examples.map(
    ([example, meaning]) => `  ${cyan(example.padEnd(width))}  ${dim(meaning)}`,
  );
  command
    .summary(text.summary)
    .description(text.details === undefined ? text.summary : `${text.summary}.\n${text.details}`)
    .addHelpOption(helpOption)
    .helpCommand(false)
    .configureHelp(helpConfiguration(host))
    .configureOutput({
      writeOut: (out) => void host.stdout.write(out),
      // What went wrong is told once, by whoever catches it.
      writeErr: () => {},
      getOutHasColors: () => true,
    })
    .addHelpText("after", `\n${bold("Examples:")}\n${examples.join("\n")}`)
    .exitOverride((error) => {
      throw new UsageFault(error, command);
    });
}

export function helpConfiguration(host: Host): HelpConfiguration {
  return {
    showGlobalOptions: true,
    helpWidth: Math.min(columnsOf(host.stdout), helpColumnsMax),
    styleTitle: host.paint.bold,
    subcommandTerm: (command) => command.name(),
    // The others act on every command.
    visibleGlobalOptions: (command) =>
      command.parent === null
        ? []
        : rootOf(command).options.filter(({ long }) => long !== "--version"),
  };
}

function rootOf(command: Command): Command {
  return command.parent === null ? command : rootOf(command.parent);
}
