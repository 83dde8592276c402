/**
 * Gives tokens that are worth nothing, on development and test chains. A gift is written down before anything is signed, and its signed
 * bytes before they leave, so that nothing is sent twice whatever is killed. It must not sign on any other chain.
 */
import { type Inclusion, isEndOfTransaction, type SignedTransaction } from "@r3mes/chain-client";
import { decodeAddress, R3mesError } from "@r3mes/protocol";
import { networkOf } from "../access/networkOf.ts";
import { isPlayChain } from "../chain/isPlayChain.ts";
import { createGiftBook, type GiftBookDeps, type GiftLimits } from "./createGiftBook.ts";
import { type FaucetChain, lifetimeMs } from "./faucetChain.ts";

export type FaucetOptions = GiftLimits;

export interface FaucetDeps extends GiftBookDeps {
  readonly chain: FaucetChain;
}

export interface Gift {
  readonly uremes: bigint;
  /** Of the block that holds the transfer. */
  readonly height: bigint;
}

export interface FaucetState extends FaucetOptions {
  readonly chainId: string;
  readonly uremesLeft: bigint;
}

export interface Faucet {
  /**
   * Resolves when a block holds the transfer. Throws ADDRESS_INVALID, FAUCET_CLOSED, FAUCET_WAIT, FAUCET_EMPTY; fails as sending does.
   *
   * @param client network address of who asks
   */
  give(address: string, client: string): Promise<Gift>;
  /** Throws FAUCET_CLOSED. */
  state(): Promise<FaucetState>;
  /** Brings what a process that has ended left open to its end. Returns how many gifts. */
  recover(): Promise<number>;
}

export function createFaucet(options: FaucetOptions, { chain, ...deps }: FaucetDeps): Faucet {
  const book = createGiftBook(options, deps);

  async function openChain(): Promise<string> {
    const chainId = await chain.chainId();
    if (isPlayChain(chainId)) return chainId;
    throw new R3mesError({ code: "FAUCET_CLOSED", reason: `${chainId} is no chain for tests` });
  }

  async function sign(id: string, address: string): Promise<SignedTransaction> {
    try {
      const signed = await chain.sign(address, options.uremes);
      await book.sign(id, signed);
      return signed;
    } catch (error) {
      // Nothing has left.
      await book.takeBack(id);
      throw error;
    }
  }

  async function finish(id: string, signed: SignedTransaction): Promise<Inclusion> {
    try {
      const inclusion = await chain.finish(signed);
      await book.give(id, inclusion.height);
      return inclusion;
    } catch (error) {
      if (isEndOfTransaction(error)) await book.takeBack(id);
      throw error;
    }
  }

  return {
    async give(address, client) {
      decodeAddress(address);
      const id = await book.promise(await openChain(), address, networkOf(client));
      const { height } = await finish(id, await sign(id, address));
      return { uremes: options.uremes, height };
    },
    async state() {
      const chainId = await openChain();
      const left = await book.left(chainId);
      return { ...options, chainId, uremesLeft: left > 0n ? left : 0n };
    },
    async recover() {
      // Younger ones may be in the hands of a process that is alive.
      const open = await book.open(await openChain(), 2 * lifetimeMs);
      for (const { id, signed } of open) {
        if (signed === null) await book.takeBack(id);
        else {
          await finish(id, signed).catch((error: unknown) => {
            if (!isEndOfTransaction(error)) throw error;
          });
        }
      }
      return open.length;
    },
  };
}
