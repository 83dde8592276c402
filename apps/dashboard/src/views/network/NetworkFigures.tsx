"use client";
/** The six figures that say whether the network does what it is for. */

import type { NetworkSummary } from "../../api/records.ts";
import { usePoolMeasures } from "../../api/usePoolMeasures.ts";
import { Figure, Figures } from "../../components/Figure.tsx";
import { Moment } from "../../components/Moment.tsx";
import { groupDigits } from "../../format/groupDigits.ts";
import { remesNumber, remesText } from "../../format/remesText.ts";
import { scaledBytes, scaledCount } from "../../format/scaledCount.ts";
import { savedShare } from "./savedShare.ts";

export function NetworkFigures({ network }: { readonly network: NetworkSummary }) {
  const { money, verdicts, verifiedWork } = network;
  const pool = network.pools[0]?.id;
  const measuresOf = usePoolMeasures(pool === undefined ? [] : [pool]);
  const { updates, gradientBytes, isAwaited } = measuresOf(pool ?? 0);
  return (
    <Figures label="The network in figures">
      <Figure
        label="Height"
        value={network.indexedHeight === 0 ? null : `#${groupDigits(network.indexedHeight)}`}
        detail={<Moment at={network.indexedTimeMs} />}
        source="the newest block of the chain that is indexed; all figures here are counted up to it"
      />
      <Figure
        label="Verified multiply-adds"
        value={scaledCount(verifiedWork)}
        detail="of accepted chunks"
        source={`submissions that the chain accepted, times the work of their step program: exactly ${groupDigits(verifiedWork)}`}
      />
      <Figure
        label="Traffic saved"
        value={isAwaited ? "…" : savedShare(updates, gradientBytes)}
        detail={
          gradientBytes === null || updates.sampled === 0
            ? `${groupDigits(network.revealedUpdates)} updates revealed`
            : `${scaledBytes(BigInt(updates.bytes) / BigInt(updates.sampled))} for ${scaledBytes(gradientBytes)}`
        }
        source={`the mean of the newest updates of pool ${pool ?? "none"}, each for all steps of a chunk, against one 32-bit gradient of its model`}
      />
      <Figure
        label="Verdicts on steps"
        value={groupDigits((verdicts.valid ?? 0) + (verdicts.invalid ?? 0))}
        detail={`${groupDigits(verdicts.invalid ?? 0)} found the step wrong`}
        source="verdicts that verifiers revealed, one each for a step; those that could not check are left out"
      />
      <Figure
        label="Paid, REMES"
        value={remesNumber(money.credited)}
        detail={`${remesText(money.withdrawn)} withdrawn`}
        source="lines of pay that the chain credited"
      />
      <Figure
        label="Fined, REMES"
        value={remesNumber(money.taken)}
        detail={`${remesText(money.burned)} of it burned`}
        source="offences that the chain recorded"
      />
    </Figures>
  );
}
