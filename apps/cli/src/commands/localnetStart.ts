/** `r3mes localnet [start]`: prepares the chain and runs it in the foreground. */
import { existsSync } from "node:fs";
import { R3mesError } from "@r3mes/protocol";
import type { Config } from "@r3mes/service";
import { systemClock } from "@r3mes/service/command";
import { findRemesd } from "../chain/runRemesd.ts";
import { validatorSpec } from "../chain/validatorSpec.ts";
import type { CommandContext } from "../commandContext.ts";
import { type ExitCode, exitCodes } from "../exitCodes.ts";
import { findKubo } from "../kubo/findKubo.ts";
import { kuboName } from "../kubo/kuboName.ts";
import { createLocalnetView } from "../localnet/createLocalnetView.ts";
import { endBeforeStart } from "../localnet/endBeforeStart.ts";
import { endOrphans } from "../localnet/endOrphans.ts";
import { describeNetwork } from "../localnet/localnetNetwork.ts";
import { localnetPaths } from "../localnet/localnetPaths.ts";
import type { LocalnetState } from "../localnet/localnetState.ts";
import { lockLocalnet } from "../localnet/lockLocalnet.ts";
import { type ChainOptions, prepareChain } from "../localnet/prepareChain.ts";
import { prepareHome } from "../localnet/prepareHome.ts";
import type { ProcessSpec } from "../localnet/processSpec.ts";
import { resetLocalnet } from "../localnet/resetLocalnet.ts";
import { runLocalnet } from "../localnet/runLocalnet.ts";
import { writeNetworkFile } from "../networkFile.ts";
import { createRollCall } from "../processes/createRollCall.ts";
import { planProcesses } from "../processes/planProcesses.ts";
import { processSpec } from "../processes/processSpecs.ts";
import { joinedPaths } from "../proof/joinedNetwork.ts";
import { builtRemesd } from "../repository.ts";
import { loadSettings, type Settings } from "../settings.ts";

export type LocalnetStartOptions = {
  readonly reset?: boolean;
  readonly yes?: boolean;
  readonly ports?: string;
  readonly validators?: string;
  readonly storage?: string;
};

export async function localnetStart(
  { host, home, json }: CommandContext,
  options: LocalnetStartOptions,
): Promise<ExitCode> {
  const config = loadSettings(home, host.env, {
    "localnet.ports": { flag: "--ports", value: options.ports },
    "localnet.validators": { flag: "--validators", value: options.validators },
    "localnet.storage": { flag: "--storage", value: options.storage },
  });
  const settings = config.values.localnet;
  const remesd = findRemesd(settings.remesd, builtRemesd);
  const paths = localnetPaths(home);
  if (existsSync(joinedPaths(home).file)) {
    throw new R3mesError({ code: "HOME_TAKEN", home, network: "a network that was joined" });
  }
  prepareHome(home);
  const release = lockLocalnet(paths.lockFile, home);
  try {
    const view = createLocalnetView(host, json, systemClock);
    const endBy = (name: NodeJS.Signals) => process.kill(process.pid, name);
    const handOver = endBeforeStart({ view, signals: process, endBy });
    const orphans = await endOrphans(paths.runFile, systemClock);
    if (orphans.length > 0)
      view.step(`ended what a killed localnet had left: ${orphans.join(", ")}`);
    if (options.reset && (await resetLocalnet(paths, options.yes === true, host, confirm))) {
      view.step("deleted the old chain, its keys and logs");
    }
    const { state, letGo } = await prepareChain(paths, chainOptions(config, remesd), view.step);
    const { level } = config.values.log;
    const hasKubo = state.processes.some(({ kind }) => kind === kuboName);
    const kubo = hasKubo ? { ipfs: await findKubo(settings.ipfs, view.step) } : {};
    const toSpecs = (current: LocalnetState): readonly ProcessSpec[] => {
      const network = describeNetwork(paths, current);
      writeNetworkFile(paths.networkFile, network);
      const validators = current.validators.map(({ name }) => name);
      const { pools } = settings;
      const mayStart = createRollCall(paths, current);
      const launch = { network, logLevel: level, remesd, ...kubo, pools, validators };
      return [
        ...current.validators.map((node) =>
          validatorSpec(remesd, paths.folder, level, node, mayStart),
        ),
        ...current.processes.map((process) => processSpec(paths, process, launch)),
      ];
    };
    handOver();
    const failure = await runLocalnet(
      { paths, state, toSpecs },
      {
        clock: systemClock,
        view,
        signals: process,
        letGo,
        exit: (code) => process.exit(code),
        onExit: (listener) => void process.on("exit", listener),
      },
    );
    if (failure !== null) throw failure;
    return exitCodes.ok;
  } finally {
    release();
  }
}

/** What was named must be so of a chain that is there already; the rest is for a new one. */
function chainOptions({ values, originOf }: Config<Settings>, remesd: string): ChainOptions {
  const { localnet: settings } = values;
  const isNamed = (key: string): boolean => originOf(key) !== "default";
  return {
    remesd,
    blockTimeMs: settings.blockTimeMs,
    validators: settings.validators,
    validatorsNamed: isNamed("localnet.validators"),
    processes: settings.chainOnly
      ? []
      : planProcesses({
          miner: settings.miners,
          verifier: settings.verifiers,
          kubo: settings.storage === "kubo" ? 1 : 0,
          ...(settings.services ? {} : { api: 0, dashboard: 0 }),
        }),
    ...(isNamed("localnet.storage") ? { storage: settings.storage } : {}),
    portMode: isNamed("localnet.ports") ? settings.ports : undefined,
  };
}

async function confirm(question: string): Promise<boolean> {
  const { confirm: ask, isCancel } = await import("@clack/prompts");
  const answer = await ask({ message: question, initialValue: false });
  if (isCancel(answer)) throw new R3mesError({ code: "ACTION_CANCELLED" });
  return answer;
}
