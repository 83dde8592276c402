"use client";
/** One round: where it stands, what it trains on and from, its chunks, and who vouches for its sum. */
import type { Case, RoundDetail } from "../../api/records.ts";
import { useList } from "../../api/useList.ts";
import { usePoolMeasures } from "../../api/usePoolMeasures.ts";
import { useRecord } from "../../api/useRecord.ts";
import { useRegistryNames } from "../../api/useRegistryNames.ts";
import { Account } from "../../components/Account.tsx";
import { Chip } from "../../components/Chip.tsx";
import { Empty } from "../../components/Empty.tsx";
import { Fact, Facts } from "../../components/Facts.tsx";
import { TextLink } from "../../components/Hash.tsx";
import { Height } from "../../components/Height.tsx";
import { Loaded } from "../../components/Loaded.tsx";
import { NotNamed } from "../../components/NotNamed.tsx";
import { Page } from "../../components/Page.tsx";
import { Panel } from "../../components/Panel.tsx";
import { useQueryNumber } from "../../components/useQueryValue.ts";
import { groupDigits } from "../../format/groupDigits.ts";
import { remesText } from "../../format/remesText.ts";
import { hrefs } from "../../frame/hrefs.ts";
import { ListTable } from "../../tables/ListTable.tsx";
import { disputeColumns } from "../dispute/DisputeList.tsx";
import { AttestationTable } from "./AttestationTable.tsx";
import { ChunkTable } from "./ChunkTable.tsx";
import { PhaseEnd } from "./PhaseEnd.tsx";
import { PhaseTrack } from "./PhaseTrack.tsx";

export function RoundView() {
  const pool = useQueryNumber("pool");
  const number = useQueryNumber("round");
  const named = pool !== null && number !== null;
  const query = useRecord<RoundDetail>(named ? `/pools/${pool}/rounds/${number}` : null, [
    "round",
    "chunk",
    "audit",
  ]);
  const measuresOf = usePoolMeasures(pool === null ? [] : [pool]);
  if (!named) return <NotNamed title="Round" list="the rounds" href="/rounds" />;
  return (
    <Page
      name={`Round ${number} of pool ${pool}`}
      title={
        <>
          Round {number} <span className="font-normal text-ink-soft">of pool {pool}</span>
          {query.data !== undefined && <Chip word={query.data.phase} />}
        </>
      }
    >
      <Loaded query={query} lines={10}>
        {(round) => (
          <>
            <Panel title="Progress" source="the chain's record of the round">
              <PhaseTrack round={round} />
              <p className="mt-3 text-ink-soft">
                {endText(round)} {round.closeHeight === null && <PhaseEnd round={round} />}
              </p>
            </Panel>
            <RoundFacts round={round} />
            <Panel title="Chunks" source="last leases on the chain, and what became of them" flush>
              <ChunkTable pool={round.poolId} round={round.number} />
            </Panel>
            <RoundDisputes pool={round.poolId} round={round.number} />
            <Panel title="Attestations" source="sums that verifiers signed, on the chain" flush>
              {round.attestations.length === 0 ? (
                <Empty title="Nobody has attested yet">
                  When no audit is open any more, every verifier sums the accepted updates and says
                  what came out. Two thirds of their bond must agree.
                </Empty>
              ) : (
                <AttestationTable
                  attestations={round.attestations}
                  adopted={round.adopted}
                  tokens={measuresOf(round.poolId).heldOutTokens}
                />
              )}
            </Panel>
          </>
        )}
      </Loaded>
    </Page>
  );
}

function RoundDisputes({ pool, round }: { readonly pool: number; readonly round: number }) {
  const list = useList<Case>(`/cases?poolId=${pool}&round=${round}`, ["case"]);
  return (
    <Panel title="Disputes" source="cases on the chain about its work and its sum" flush>
      <ListTable
        list={list}
        label="Disputes"
        columns={disputeColumns}
        keyOf={({ id }) => id}
        empty={
          <Empty title="Nobody has disputed anything of this round">
            Its work may be challenged until it matures, and its sum for as long.
          </Empty>
        }
      />
    </Panel>
  );
}

function endText(round: RoundDetail): string {
  if (round.phase === "complete") return "It has ended and made a version.";
  if (round.phase === "carried_over") {
    return "It has ended without a sum that enough of the bond agreed on; the adapter stays as it was.";
  }
  return "This phase lasts:";
}

function RoundFacts({ round }: { readonly round: RoundDetail }) {
  const { pool } = round;
  const names = useRegistryNames();
  return (
    <Panel title="What it trains" source="the chain's record of the pool">
      <Facts>
        <Fact name="Starts from">
          {round.adapterId === 0 ? (
            "the model's fresh adapter"
          ) : (
            <TextLink href={hrefs.adapter(round.adapterId)}>adapter {round.adapterId}</TextLink>
          )}
        </Fact>
        <Fact name="Made">
          {round.resultAdapterId === null ? (
            <span className="text-ink-soft">nothing yet</span>
          ) : (
            <TextLink href={hrefs.adapter(round.resultAdapterId)}>
              adapter {round.resultAdapterId}
            </TextLink>
          )}
        </Fact>
        {round.leftOut.length > 0 && (
          <Fact name="Left out of its sum" hint="Disputed when its sum was made">
            {round.leftOut.map((id) => (
              <TextLink key={id} href={hrefs.submission(id)}>
                submission {id}{" "}
              </TextLink>
            ))}
          </Fact>
        )}
        <Fact name="Model, data">
          {names.model(pool.modelId)}, {names.dataset(pool.datasetId)}
        </Fact>
        <Fact name="Steps of a chunk" hint="H in the specification">
          {groupDigits(pool.localSteps)}
        </Fact>
        <Fact name="Chunks of a round">{groupDigits(pool.chunksPerRound)}</Fact>
        <Fact name="Sent of an update" hint="the density of the pool">
          {pool.density / 10} % of its elements
        </Fact>
        <Fact name="Budget of the pool">{remesText(pool.budget)}</Fact>
        <Fact name="Sponsor">
          <Account address={pool.sponsor} />
        </Fact>
        <Fact name="Opened, closed">
          <Height value={round.openHeight} />, <Height value={round.closeHeight} />
        </Fact>
        <Fact name="Leases">
          {round.leases} given, {round.expired} expired
        </Fact>
      </Facts>
    </Panel>
  );
}
