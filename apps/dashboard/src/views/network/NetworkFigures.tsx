/** The six figures that say whether the network does what it is for. */

import type { NetworkSummary } from "../../api/records.ts";
import { Figure, Figures } from "../../components/Figure.tsx";
import { Moment } from "../../components/Moment.tsx";
import { groupDigits } from "../../format/groupDigits.ts";
import { remesText } from "../../format/remesText.ts";
import { scaledBytes, scaledCount } from "../../format/scaledCount.ts";
import { savedShare } from "./savedShare.ts";

export function NetworkFigures({ network }: { readonly network: NetworkSummary }) {
  const { updates, money, verdicts, verifiedWork } = network;
  const saved = savedShare(updates.bytes, updates.gradientBytes);
  return (
    <Figures label="The network in figures">
      <Figure
        label="Height"
        value={groupDigits(network.indexedHeight)}
        detail={<Moment at={network.indexedTimeMs} />}
        source="the newest block that is indexed"
      />
      <Figure
        label="Verified work"
        value={verifiedWork === null ? null : `${scaledCount(verifiedWork)} MAC`}
        detail="multiply-adds of accepted chunks"
        source="submissions that the chain accepted, times the work of their step program"
      />
      <Figure
        label="Traffic saved"
        value={saved}
        detail={
          updates.gradientBytes === null
            ? `${scaledBytes(updates.bytes)} sent`
            : `${scaledBytes(updates.bytes)} for ${scaledBytes(updates.gradientBytes)}`
        }
        source={`sizes of ${updates.sampled} of ${updates.revealed} revealed updates, against as many full fp32 gradients of the model`}
      />
      <Figure
        label="Steps checked"
        value={groupDigits((verdicts.valid ?? 0) + (verdicts.invalid ?? 0))}
        detail={`${groupDigits(verdicts.invalid ?? 0)} found wrong`}
        source="verdicts that verifiers revealed"
      />
      <Figure
        label="Paid for work"
        value={remesText(money.credited)}
        detail={`${remesText(money.withdrawn)} withdrawn`}
        source="rewards that the chain credited"
      />
      <Figure
        label="Taken by fines"
        value={remesText(money.taken)}
        detail={`${remesText(money.burned)} of it burned`}
        source="offences that the chain recorded"
      />
    </Figures>
  );
}
