/** Chooses the form: a board on a terminal, plain lines elsewhere, JSON lines when asked. */
import type { Clock } from "@r3mes/service";
import type { Host } from "../host.ts";
import { createBoardView } from "./createBoardView.ts";
import { createJsonView } from "./createJsonView.ts";
import { createLineView } from "./createLineView.ts";
import type { LocalnetView } from "./localnetView.ts";

export function createLocalnetView(host: Host, json: boolean, clock: Clock): LocalnetView {
  if (json) return createJsonView(host.stdout, clock);
  return host.stdout.isTTY === true
    ? createBoardView(host, clock)
    : createLineView(host.stdout, clock);
}
