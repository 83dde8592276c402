import { expect, test } from "vitest";
import type { OpenedNetwork } from "../proof/openNetwork.ts";
import { ownerOf } from "./explain.ts";

const address = "remes1dugj9pprpjsf7ekg3d089l5mxmp9rzzcglcev2";
const processes = [{ name: "miner-1", address }, { name: "api" }];
const opened = { network: { processes } } as unknown as Pick<OpenedNetwork, "network">;

test("a process and an address name an owner; a name of nobody and a misspelt address are refused", () => {
  expect(ownerOf("miner-1", opened)).toBe(address);
  expect(ownerOf(address, opened)).toBe(address);
  expect(() => ownerOf("miner-9", opened)).toThrow(
    expect.objectContaining({
      code: "LOCALNET_PROCESS_UNKNOWN",
      facts: expect.objectContaining({ name: "miner-9", known: ["miner-1", "api"] }),
    }),
  );
  const misspelt = `${address.slice(0, -1)}3`;
  expect(() => ownerOf(misspelt, opened)).toThrow(
    expect.objectContaining({ code: "ADDRESS_INVALID" }),
  );
});
