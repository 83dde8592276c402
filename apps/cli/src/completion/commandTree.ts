/** The commands as plain data, from which the completion script of every shell is written. */
import type { Command } from "commander";

export type CommandNode = {
  /** Words up to here, as in `r3mes localnet`. */
  readonly path: string;
  readonly name: string;
  readonly summary: string;
  readonly commands: readonly CommandNode[];
  /** What an argument may be, where only some words are. */
  readonly choices: readonly string[];
  /** Options that may stand here, those of a default command and the global ones among them. */
  readonly options: readonly OptionNode[];
};

export type OptionNode = {
  readonly long: string;
  readonly short: string | null;
  readonly summary: string;
  /** `none` for a switch; `choice` lists its values; `folder` and `text` are free. */
  readonly takes: "none" | "choice" | "folder" | "text";
  readonly choices: readonly string[];
};

export function commandTree(program: Command): CommandNode {
  return describe(program, [], []);
}

/** Every node, parents before children. */
export function allNodes(node: CommandNode): readonly CommandNode[] {
  return [node, ...node.commands.flatMap(allNodes)];
}

const helpOption: OptionNode = {
  long: "--help",
  short: "-h",
  summary: "show this help",
  takes: "none",
  choices: [],
};

function describe(
  command: Command,
  parents: readonly string[],
  inherited: readonly OptionNode[],
): CommandNode {
  const words = [...parents, command.name()];
  const own = command.options.map(describeOption);
  const passedOn = [...own.filter(({ long }) => long !== "--version"), ...inherited];
  const commands = command.commands.map((sub) => describe(sub, words, passedOn));
  const standIn = command.commands.find((sub) => sub.name() === "start");
  const standInOptions = standIn?.options.map(describeOption) ?? [];
  return {
    path: words.join(" "),
    name: command.name(),
    summary: command.summary(),
    commands,
    choices: command.registeredArguments.flatMap(({ argChoices }) => argChoices ?? []),
    options: [...standInOptions, ...own, ...inherited, helpOption],
  };
}

function describeOption(option: Command["options"][number]): OptionNode {
  const choices = option.argChoices ?? [];
  return {
    long: option.long!,
    short: option.short ?? null,
    summary: option.description,
    takes: takes(option, choices),
    choices,
  };
}

function takes(
  option: Command["options"][number],
  choices: readonly string[],
): OptionNode["takes"] {
  if (!option.required && !option.optional) return "none";
  if (choices.length > 0) return "choice";
  return option.flags.includes("<folder>") ? "folder" : "text";
}
