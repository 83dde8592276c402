import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { walletChainInfo } from "./walletChainInfo.ts";

const info = walletChainInfo({
  chainId: "remesdev-1",
  rpc: "http://127.0.0.1:26657",
  rest: "http://127.0.0.1:1317",
  gasPriceMin: 1_000n,
});

/** A constant of the chain's parameters package, its prefixes put together. */
function constant(name: string): string {
  const source = readFileSync(
    new URL("../../../../chain/app/params/params.go", import.meta.url),
    "utf8",
  );
  const [, joined, text] = new RegExp(`\\t${name} += (Prefix \\+ )?"?(\\w+)"?`).exec(source)!;
  return joined === undefined ? text! : constant("Prefix") + text;
}

test("the prefixes, the coin type and the denomination are those of the chain", () => {
  const { bech32Config } = info;
  expect(bech32Config.bech32PrefixAccAddr).toBe(constant("Prefix"));
  expect(bech32Config.bech32PrefixValAddr).toBe(constant("ValidatorPrefix"));
  expect(bech32Config.bech32PrefixConsAddr).toBe(constant("ConsensusPrefix"));
  for (const part of ["Acc", "Val", "Cons"] as const) {
    const address = bech32Config[`bech32Prefix${part}Addr`];
    expect(bech32Config[`bech32Prefix${part}Pub`]).toBe(`${address}pub`);
  }
  expect(info.bip44.coinType).toBe(Number(constant("CoinType")));
  expect(info.stakeCurrency.coinMinimalDenom).toBe(constant("Denom"));
});

test("a wallet takes it: known currencies, rising prices, the lowest that consensus accepts", () => {
  const [fee] = info.feeCurrencies;
  expect(info.currencies).toContainEqual(info.stakeCurrency);
  expect(fee).toMatchObject(info.currencies[0]!);
  expect(fee!.gasPriceStep).toEqual({ low: 0.001, average: 0.002, high: 0.004 });
  expect(JSON.parse(JSON.stringify(info))).toEqual(info);
  for (const url of [info.rpc, info.rest]) expect(new URL(url).protocol).toBe("http:");
});
