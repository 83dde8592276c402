/** What the localnet must know of a kind of process, beside the validators. */
import type { LocalnetNetwork } from "../localnet/localnetNetwork.ts";
import type { ProcessPorts } from "../localnet/localnetState.ts";
import type { ProcessSpec } from "../localnet/processSpec.ts";

export type ProcessKind = {
  /** How many there are in a new localnet, unless its settings say otherwise. */
  readonly count: number;
  /** Ports in the mode `default`, for the process with this number from 1; `store` if it offers content to others. */
  readonly ports: (number: number) => ProcessPorts;
  /** It signs: a sealed key is made for it, and the founder funds its account. */
  readonly hasKey: boolean;
  /** Writes what the process reads at its start, before every start. */
  readonly configure: (own: OwnProcess, launch: Launch) => void;
  readonly toSpec: (own: OwnProcess, launch: Launch) => Omit<ProcessSpec, "name" | "ports">;
};

export type OwnProcess = {
  readonly name: string;
  /** Holds its configuration, key, journal and blocks. */
  readonly folder: string;
  readonly ports: ProcessPorts;
};

/** What holds for all processes of one start. */
export type Launch = {
  readonly network: LocalnetNetwork;
  readonly logLevel: string;
  readonly remesd: string;
  /** The program of Kubo, where the localnet keeps its content in one. */
  readonly ipfs?: string;
  /** Pools that the founder opens. */
  readonly pools: number;
  /** Names of the validators, for whoever does not wait for a node by itself. */
  readonly validators: readonly string[];
};
