/**
 * The tree of commands with their options and examples: what `--help` shows and completion knows.
 * It must stay light: what a command does is loaded only when it runs.
 */
import { Argument, Command, Option } from "commander";
import {
  type Action,
  addCommand,
  dress,
  helpColumns,
  helpConfiguration,
  helpOption,
  type Run,
  showHelp,
} from "./addCommand.ts";
import { type ExitCode, exitCodeMeanings, exitCodes } from "./exitCodes.ts";
import { findHome } from "./findHome.ts";
import type { Host } from "./host.ts";
import { layTerm } from "./layHelp.ts";
import { addLocalCommands } from "./localCommands.ts";
import { addLocalnetLaboratory } from "./localnetLaboratory.ts";
import { addNetworkCommands } from "./networkCommands.ts";

/** `onExitCode` gets the exit code of the command that ran. */
export function buildProgram(host: Host, onExitCode: (code: ExitCode) => void): Command {
  const program = new Command("r3mes");
  dress(program, host, {
    name: "r3mes",
    summary: "The one front door of R3MES, the network that trains AI and can prove it.",
    examples: [
      ["npx r3mes doctor", "can this machine run R3MES?"],
      ["npx r3mes localnet", "run the network on this machine"],
      ["npx r3mes localnet status --json", "what runs, for a script"],
    ],
  });
  program
    .option("--json", "print answers and errors as JSON on standard output")
    .option("--home <folder>", "folder of the project's state (default: .r3mes of the project)")
    .option("-V, --version", "show the versions of all parts")
    .addHelpText("after", `\n${exitCodeHelp(host)}`);
  let running = program;
  program.hook("preAction", (_, command) => {
    running = command;
  });
  showHelp(program, (action) =>
    run(async (context) =>
      program.opts().version
        ? (await import("./commands/version.ts")).version(context)
        : action(context),
    ),
  );
  program.commandsGroup("A network:");
  addLocalnet(program, host, run);
  addNetworkCommands(program, host, run);
  program.commandsGroup("Without a network:");
  addLocalCommands(program, host, run);
  program.commandsGroup("This installation:");
  addDoctor(program, host, run);
  addConfig(program, host, run);
  addCompletion(program, host, run);
  addVersion(program, host, run);
  return program;

  async function run(action: Action): Promise<void> {
    const { home, json } = program.opts<{ home?: string; json?: boolean }>();
    try {
      onExitCode(await action({ host, home: findHome(home, host), json: json === true }));
    } catch (error) {
      throw (await import("./usageError.ts")).withHelp(error, running);
    }
  }
}

function addLocalnet(program: Command, host: Host, run: Run): void {
  const localnet = addCommand(program, host, {
    name: "localnet",
    summary: "Run the network on this machine",
    details:
      "Starts a chain with fresh keys and keeps it in .r3mes/; the next start resumes from there.\n" +
      "It runs in the foreground until Ctrl-C. Every server binds to 127.0.0.1 only.",
    examples: [
      ["npx r3mes localnet", "start, or resume from the last height"],
      ["npx r3mes localnet --ports auto", "choose free ports and remember them"],
      ["npx r3mes localnet --reset --yes", "delete the old chain without asking"],
      ["npx r3mes localnet status", "look at it from another terminal"],
    ],
  });
  addLocalnetStart(localnet, host, run);
  addCommand(localnet, host, {
    name: "status",
    summary: "Show what runs: height, processes, addresses",
    examples: [
      ["npx r3mes localnet status", "for people"],
      ["npx r3mes localnet status --json", "for scripts; exit code 4 when nothing runs"],
    ],
  }).action(() =>
    run(async (context) => (await import("./commands/localnetStatus.ts")).localnetStatus(context)),
  );
  addCommand(localnet, host, {
    name: "stop",
    summary: "Stop it from another terminal; the state is kept",
    examples: [["npx r3mes localnet stop", "wait until no process is left"]],
  }).action(() =>
    run(async (context) => (await import("./commands/localnetStop.ts")).localnetStop(context)),
  );
  addCommand(localnet, host, {
    name: "logs",
    summary: "Show the end of the logs, of one process or of all",
    examples: [
      ["npx r3mes localnet logs", "the end of every log"],
      ["npx r3mes localnet logs validator-0 -f", "follow one process"],
    ],
  })
    .argument("[name]", "process, as `status` names it")
    .option("-f, --follow", "print new lines until Ctrl-C")
    .option("-n, --lines <count>", "lines of each log to show first", "20")
    .action((name, options) =>
      run(async (context) =>
        (await import("./commands/localnetLogs.ts")).localnetLogs(context, name, options),
      ),
    );
  addLocalnetLaboratory(localnet, host, run);
}

function addLocalnetStart(localnet: Command, host: Host, run: Run): void {
  const start = addCommand(
    localnet,
    host,
    {
      name: "start",
      summary: "Start it, or resume from the last height (the default)",
      examples: [
        ["npx r3mes localnet start", "run in the foreground until Ctrl-C"],
        ["npx r3mes localnet start --validators 4", "a new chain with four validators"],
      ],
    },
    { isDefault: true },
  );
  // The group shows the options of its default command, since `localnet --reset` is what people type.
  localnet.configureHelp({
    ...helpConfiguration(host),
    visibleOptions: () => [...start.options, helpOption],
  });
  start
    .option("--reset", "delete the chain, its keys and logs, and start over")
    .option("--yes", "do not ask before deleting")
    .addOption(new Option("--ports <mode>", "where to listen").choices(["auto", "default"]))
    .option("--validators <count>", "validators of a new chain (default: 1)")
    .addOption(
      new Option("--storage <kind>", "where a new localnet keeps its content").choices([
        "helia",
        "kubo",
      ]),
    )
    .action((options) =>
      run(async (context) =>
        (await import("./commands/localnetStart.ts")).localnetStart(context, options),
      ),
    );
}

function addDoctor(program: Command, host: Host, run: Run): void {
  addCommand(program, host, {
    name: "doctor",
    summary: "Check this machine and say what to do",
    details: "Every check is ok, warn or fail with a remedy. Exit code 1 when one fails.",
    examples: [
      ["npx r3mes doctor", "for people"],
      ["npx r3mes doctor --json", "in the form of apps/cli/schema/doctor.schema.json"],
    ],
  }).action(() => run(async (context) => (await import("./commands/doctor.ts")).doctor(context)));
}

function addConfig(program: Command, host: Host, run: Run): void {
  const config = addCommand(program, host, {
    name: "config",
    summary: "Show the settings and where they come from",
    details: "A flag overrides the environment (R3MES_…), which overrides the file.",
    examples: [
      ["npx r3mes config show --origin", "every value with its origin"],
      ["npx r3mes config path", "the file to write settings into"],
    ],
  });
  showHelp(config, run);
  addCommand(config, host, {
    name: "show",
    summary: "Show every setting with its value",
    details: "Of this project, or of a miner, a verifier or a challenger by its folder.",
    examples: [
      ["npx r3mes config show", "values and meanings"],
      ["npx r3mes config show .r3mes/miner", "those of a miner that npx r3mes init made"],
      ["npx r3mes config show --origin", "values and where they come from"],
    ],
  })
    .argument("[folder]", "folder of a miner, a verifier or a challenger")
    .option("--origin", "show where each value comes from")
    .action((folder, options) =>
      run(async (context) =>
        (await import("./commands/configShow.ts")).configShow(context, folder, options),
      ),
    );
  addCommand(config, host, {
    name: "path",
    summary: "Show where the configuration file is, or would be",
    examples: [['$EDITOR "$(npx r3mes config path)"', "edit it"]],
  }).action(() =>
    run(async (context) => (await import("./commands/showConfigPath.ts")).showConfigPath(context)),
  );
}

function addCompletion(program: Command, host: Host, run: Run): void {
  addCommand(program, host, {
    name: "completion",
    summary: "Print a completion script for bash, zsh or fish",
    examples: [
      ["source <(npx r3mes completion bash)", "in this shell"],
      ["npx r3mes completion fish > ~/.config/fish/completions/r3mes.fish", "permanently"],
    ],
  })
    .addArgument(
      new Argument("<shell>", "shell to print the script for").choices(["bash", "zsh", "fish"]),
    )
    .action((shell) =>
      run(async (context) =>
        (await import("./commands/completion.ts")).completion(context, program, shell),
      ),
    );
}

function addVersion(program: Command, host: Host, run: Run): void {
  addCommand(program, host, {
    name: "version",
    summary: "Show the versions of all parts",
    examples: [["npx r3mes version --json", "with the full hashes"]],
  }).action(() => run(async (context) => (await import("./commands/version.ts")).version(context)));
}

function exitCodeHelp(host: Host): string {
  const names = Object.keys(exitCodes) as (keyof typeof exitCodes)[];
  const lines = names.map((name) =>
    layTerm(String(exitCodes[name]), 1, exitCodeMeanings[name], helpColumns(host)),
  );
  return `${host.paint.bold("Exit codes:")}\n${lines.join("\n")}`;
}
