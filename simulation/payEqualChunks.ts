/** What the chunks of an emission epoch pay, by spec/reward.md alone: the chain is held against it. */
import {
  addUremes,
  asUremes,
  mulDivFloor,
  splitUremes,
  subtractUremes,
  type Uremes,
} from "@r3mes/protocol";
import type { RewardParams } from "@r3mes/protocol/messages";

export interface EqualChunk {
  /** What its pool pays for it. */
  readonly price: Uremes;
  /** Weighted work, in multiply-adds. */
  readonly work: bigint;
  /** Verifiers of its last audit, all of whose verdicts stood. */
  readonly seats: number;
}

export interface ChunkPay {
  readonly miner: Uremes;
  /** In the order drawn. */
  readonly verifiers: readonly Uremes[];
  readonly dataProvider: Uremes;
}

export interface EpochPay {
  readonly minted: Uremes;
  readonly validators: Uremes;
  /** In the order in which the chunks mature. */
  readonly chunks: readonly ChunkPay[];
}

/** An epoch of the first year in which so many equal chunks were accepted, and nothing else. */
export function payEqualChunks(
  accepted: number,
  { price, work, seats }: EqualChunk,
  reward: RewardParams,
): EpochPay {
  const budget = asUremes(reward.firstYear / BigInt(reward.epochsPerYear));
  const done = BigInt(accepted) * work;
  const counted = done < reward.targetWork ? done : reward.targetWork;
  const minted = mulDivFloor(budget, counted, reward.targetWork);
  const [ofMiners, ofVerifiers, ofValidators, ofProviders] = shares(minted, reward);
  const [minerPrice, verifierPrice, validatorPrice, providerPrice] = shares(price, reward);
  const miners = inTurns(ofMiners!, accepted);
  const providers = inTurns(ofProviders!, accepted);
  const verifiers = inTurns(ofVerifiers!, accepted * seats);
  const priceOfSeat = mulDivFloor(verifierPrice!, 1n, BigInt(seats));
  const priceOfFirst = asUremes(verifierPrice! - priceOfSeat * BigInt(seats - 1));
  const chunks = miners.map((miner, i) => ({
    miner: addUremes(miner, minerPrice!),
    verifiers: verifiers
      .slice(i * seats, (i + 1) * seats)
      .map((amount, seat) => addUremes(amount, seat === 0 ? priceOfFirst : priceOfSeat)),
    dataProvider: addUremes(providers[i]!, providerPrice!),
  }));
  const validators = asUremes(ofValidators! + validatorPrice! * BigInt(accepted));
  return { minted, validators, chunks };
}

/** Of miners, verifiers, validators and data providers: the last takes what rounding leaves. */
function shares(amount: Uremes, reward: RewardParams): readonly Uremes[] {
  const others = [reward.verifierPpm, reward.validatorPpm, reward.dataProviderPpm].map(BigInt);
  const miners = others.reduce((left, part) => left - part, 1_000_000n);
  return splitUremes(amount, [miners, ...others]);
}

/** Each takes an equal part of what is left, so that the last takes all of it. */
function inTurns(amount: Uremes, parts: number): readonly Uremes[] {
  let left = amount;
  return Array.from({ length: parts }, (_, i) => {
    const part = mulDivFloor(left, 1n, BigInt(parts - i));
    left = subtractUremes(left, part);
    return part;
  });
}
