/**
 * The process of a localnet's founder: it funds the accounts of the others, registers what the network begins with, and keeps that
 * content for whoever asks. It trains and verifies nothing.
 */
import { join } from "node:path";
import type { ChainMessage } from "@r3mes/chain-client";
import {
  atEachHeight,
  type Participant,
  runParticipant,
  type StatusBoard,
} from "@r3mes/participant";
import { R3mesError } from "@r3mes/protocol";
import { writeWhole } from "@r3mes/service/command";
import type { z } from "zod";
import { localnetPaths } from "../localnet/localnetPaths.ts";
import { readLocalnetState } from "../localnet/localnetState.ts";
import { decree } from "./decree.ts";
import { founderSettings } from "./founderSettings.ts";
import { foundNetwork } from "./foundNetwork.ts";
import { fundAccounts, hasAccount } from "./fundAccounts.ts";
import { datasetNames } from "./genesisPlan.ts";

type Settings = z.output<z.ZodObject<typeof founderSettings>>;

const program = { name: "founder", settings: founderSettings, run: found };
await runParticipant(program, process.argv.slice(2));

async function found(participant: Participant, { found: own }: Settings, board: StatusBoard) {
  const { log, address } = participant;
  const paths = localnetPaths(join(own.localnet, ".."));
  const stateOf = () => {
    const state = readLocalnetState(paths);
    if (state !== null) return state;
    throw new R3mesError({ code: "LOCALNET_NOT_RUNNING", home: paths.home });
  };
  const fund = async () => {
    const accounts = stateOf().processes.flatMap((process) => process.address ?? []);
    const count = await fundAccounts(accounts, participant, (account) =>
      hasAccount(participant.rpc, account),
    );
    if (count > 0) log.info({ accounts: count }, "accounts funded");
  };
  board.current = { role: "founder", address, founding: null };
  participant.begin();
  await fund();
  const { validators } = stateOf();
  const options = {
    remesd: own.remesd,
    localnet: own.localnet,
    validators: validators.map(({ name }) => name),
    rpc: `http://127.0.0.1:${validators[0]!.ports.rpc}`,
  };
  const deps = {
    ...participant,
    decree: (title: string, messages: readonly ChainMessage[]) =>
      decree(options, participant, title, messages),
    datasetFolder: (name: string) => join(participant.folder, "datasets", name),
  };
  const founding = foundNetwork(datasetNames.slice(0, own.pools), deps, (found) => {
    writeWhole(paths.foundingFile, `${JSON.stringify(found, null, 2)}\n`);
    board.current = { role: "founder", address, founding: found };
    log.info({ ...found }, "pools open");
  });
  // Whoever is added meanwhile does not wait for the last pool.
  await Promise.all([founding, atEachHeight(participant, fund)]);
}
