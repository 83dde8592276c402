/** Turns what the parser of the command line refuses into an error of the catalogue. */
import { R3mesError } from "@r3mes/protocol";
import { nearestName } from "@r3mes/service/command";
import type { Command } from "commander";
import type { UsageFault } from "./usageFault.ts";

export function usageError({ error, command }: UsageFault): R3mesError {
  const unknown = unknownCommand(error.code, command);
  if (unknown !== null) return unknown;
  const choice = wrongChoice(error.message);
  if (choice !== undefined) {
    return new R3mesError({ code: "USAGE_INVALID", ...choice, help: helpOf(command) });
  }
  const text = unknownOption(error.code, command) ?? error.message.replace(/^error: /, "");
  const reason = `${text.charAt(0).toUpperCase()}${text.slice(1).split("\n")[0]!}${choicesText(error.code, command)}`;
  const help = helpOf(command);
  const option = /unknown option '(-[^']*)'/.exec(text)?.[1];
  if (option === undefined) return new R3mesError({ code: "USAGE_INVALID", reason, help });
  const nearest = nearestName(option, optionNames(command));
  return new R3mesError({ code: "USAGE_INVALID", reason, nearest, help });
}

export function commandMissing({ commands }: Command): R3mesError {
  const names = commands.map((command) => command.name()).join(", ");
  return new R3mesError({ code: "USAGE_INVALID", reason: `A command is missing: one of ${names}` });
}

/** What a command itself refuses of its line, with the help to read; every other error as it is. */
export function withHelp(error: unknown, command: Command): unknown {
  if (!(error instanceof R3mesError) || error.code !== "USAGE_INVALID") return error;
  const { facts } = error;
  return new R3mesError(
    { ...facts, code: "USAGE_INVALID", help: helpOf(command) },
    { cause: error },
  );
}

/**
 * The parser misses an option before it looks at those that it does not know; a misspelt one explains the missing one. What it knows is
 * no longer among the arguments.
 */
function unknownOption(code: string, { args }: Command): string | undefined {
  if (code !== "commander.missingMandatoryOptionValue") return undefined;
  const unknown = args.find((word) => word.startsWith("-"));
  return unknown === undefined ? undefined : `unknown option '${unknown.split("=")[0]}'`;
}

const choicePatterns = [
  /^error: command-argument value '(?<given>.*)' is invalid for argument '(?<name>[^']+)'\. Allowed choices are (?<choices>.+)\.$/s,
  /^error: option '(?:-\w, )?(?<name>--[\w-]+)[^']*' argument '(?<given>.*)' is invalid\. Allowed choices are (?<choices>.+)\.$/s,
];

/** The parser says at length that a word is none of those that may stand there. */
function wrongChoice(
  message: string,
): { readonly reason: string; readonly nearest: string | undefined } | undefined {
  for (const pattern of choicePatterns) {
    const groups = pattern.exec(message)?.groups;
    if (groups === undefined) continue;
    const { name, given, choices } = groups as Record<"name" | "given" | "choices", string>;
    const reason = `${name} is one of ${choices}, not ${given}`;
    return { reason, nearest: nearestName(given, choices.split(", ")) };
  }
  return undefined;
}

function helpOf(command: Command): string {
  return `npx ${namesOf(command).join(" ")} --help`;
}

/** What a missing argument may be, where only some words are. */
function choicesText(code: string, { args, registeredArguments }: Command): string {
  if (code !== "commander.missingArgument") return "";
  const choices = registeredArguments[args.length]?.argChoices ?? [];
  return choices.length === 0 ? "" : `: one of ${choices.join(", ")}`;
}

/**
 * A word too many is a misspelt command where commands are expected: at a group of commands, and at
 * the default command of a group.
 */
function unknownCommand(code: string, command: Command): R3mesError | null {
  if (code !== "commander.excessArguments" && code !== "commander.unknownCommand") return null;
  const group = command.commands.length > 0 ? command : command.parent;
  const given = command.args[0];
  if (group === null || given === undefined) return null;
  // Whoever names the default command has named a command.
  const isDefault = command.name() === "start" && group.args[0] !== "start";
  if (command.commands.length === 0 && !isDefault) return null;
  const known = group.commands.map((sub) => sub.name());
  const path = [...namesOf(group).slice(1), given].join(" ");
  return new R3mesError({
    code: "COMMAND_UNKNOWN",
    command: path,
    nearest: nearestName(given, known),
    ...(group.parent === null ? {} : { help: helpOf(group) }),
  });
}

function namesOf(command: Command): readonly string[] {
  return command.parent === null ? [command.name()] : [...namesOf(command.parent), command.name()];
}

function optionNames(command: Command): readonly string[] {
  const own = command.options.flatMap(({ long, short }) => [long ?? "", short ?? ""]);
  const names = own.filter((name) => name !== "");
  return command.parent === null ? names : [...names, ...optionNames(command.parent)];
}
