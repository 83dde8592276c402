/** How a command enters the tree: its help in one style, its errors told once. It must stay light. */
import { type Command, type HelpConfiguration, Option } from "commander";
import type { CommandContext } from "./commandContext.ts";
import type { ExitCode } from "./exitCodes.ts";
import { columnsOf, type Host } from "./host.ts";
import { layTerm } from "./layHelp.ts";
import { UsageFault } from "./usageFault.ts";
import { wrapText } from "./wrapText.ts";

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

/** What a group of commands does by itself: shows its help, which is nothing that a script could read. */
export function showHelp(group: Command, run: Run): void {
  group.action(() =>
    run(async ({ json }) => {
      if (json) throw (await import("./usageError.ts")).commandMissing(group);
      group.outputHelp();
      return 0;
    }),
  );
}

/** Help and errors in one style for every command. */
export function dress(command: Command, host: Host, text: CommandText): void {
  const { bold, dim, cyan } = host.paint;
  const width = Math.max(...text.examples.map(([example]) => example.length));
  const columns = helpColumns(host);
  const examples = text.examples.map(([example, meaning]) =>
    layTerm(example, width, meaning, columns, dim).replace(example, () => cyan(example)),
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
  const columns = helpColumns(host);
  return {
    showGlobalOptions: true,
    helpWidth: columns,
    minWidthToWrap: 1,
    formatItem: (term, termWidth, meaning) => layTerm(term, termWidth, meaning, columns),
    styleUsage: (usage) => wrapText(usage, columns - "Usage: ".length).join("\n       "),
    styleTitle: host.paint.bold,
    subcommandTerm: (command) => command.name(),
    // The others act on every command.
    visibleGlobalOptions: (command) =>
      command.parent === null
        ? []
        : rootOf(command).options.filter(({ long }) => long !== "--version"),
  };
}

export function helpColumns({ stdout }: Host): number {
  return Math.min(columnsOf(stdout), helpColumnsMax);
}

function rootOf(command: Command): Command {
  return command.parent === null ? command : rootOf(command.parent);
}
