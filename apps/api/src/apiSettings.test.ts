import { loadConfig } from "@r3mes/service";
import { expect, test } from "vitest";
import { apiSettings } from "./apiSettings.ts";

const load = (env: Record<string, string>) =>
  loadConfig(apiSettings, { file: "/nowhere/config.toml", env }).values.wallet;

test("a node for wallets is named by both of its addresses, or by none", () => {
  const rpc = { R3MES_WALLET_RPC: "https://rpc.example" };
  const rest = { R3MES_WALLET_REST: "https://rest.example" };
  expect(load({})).toEqual({});
  expect(load({ ...rpc, ...rest })).toEqual({
    rpc: "https://rpc.example",
    rest: "https://rest.example",
  });
  for (const half of [rpc, rest]) {
    expect(() => load(half)).toThrow(
      expect.objectContaining({
        code: "CONFIG_INVALID",
        facts: expect.objectContaining({ key: "wallet.rest" }),
      }),
    );
  }
});
