/**
 * What a wallet must be told of a chain that it does not know: the argument of `experimentalSuggestChain`, the call that Keplr
 * introduced and other wallets of the Cosmos have taken over. It must not decide where a node is reached.
 */

export interface WalletCurrency {
  readonly coinDenom: string;
  readonly coinMinimalDenom: string;
  readonly coinDecimals: number;
}

export interface WalletChainInfo {
  readonly chainId: string;
  readonly chainName: string;
  /** Of CometBFT; the wallet's page calls it, so it must allow other origins. */
  readonly rpc: string;
  readonly rest: string;
  readonly bip44: { readonly coinType: number };
  readonly bech32Config: {
    readonly bech32PrefixAccAddr: string;
    readonly bech32PrefixAccPub: string;
    readonly bech32PrefixValAddr: string;
    readonly bech32PrefixValPub: string;
    readonly bech32PrefixConsAddr: string;
    readonly bech32PrefixConsPub: string;
  };
  readonly currencies: readonly WalletCurrency[];
  readonly feeCurrencies: readonly (WalletCurrency & {
    /** uremes for a unit of gas. */
    readonly gasPriceStep: {
      readonly low: number;
      readonly average: number;
      readonly high: number;
    };
  })[];
  readonly stakeCurrency: WalletCurrency;
}

export interface WalletChainOptions {
  readonly chainId: string;
  readonly rpc: string;
  readonly rest: string;
  /** `block.gas_price_min` of the parameters, in millionths of a uremes for a unit of gas. */
  readonly gasPriceMin: bigint;
}

const prefix = "remes";
const currency: WalletCurrency = {
  coinDenom: "REMES",
  coinMinimalDenom: "uremes",
  coinDecimals: 6,
};

export function walletChainInfo(options: WalletChainOptions): WalletChainInfo {
  const { chainId, rpc, rest, gasPriceMin } = options;
  const times = (factor: number) => (Number(gasPriceMin) * factor) / 1_000_000;
  return {
    chainId,
    chainName: `R3MES (${chainId})`,
    rpc,
    rest,
    bip44: { coinType: 118 },
    bech32Config: {
      bech32PrefixAccAddr: prefix,
      bech32PrefixAccPub: `${prefix}pub`,
      bech32PrefixValAddr: `${prefix}valoper`,
      bech32PrefixValPub: `${prefix}valoperpub`,
      bech32PrefixConsAddr: `${prefix}valcons`,
      bech32PrefixConsPub: `${prefix}valconspub`,
    },
    currencies: [currency],
    feeCurrencies: [
      // The price is part of consensus: the lowest step is always enough.
      { ...currency, gasPriceStep: { low: times(1), average: times(2), high: times(4) } },
    ],
    stakeCurrency: currency,
  };
}
