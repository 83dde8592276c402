"use client";
/** What the parties of a dispute about a sum attested: the roots that differ, byte by byte. */
import type { Attestation, Case, PageOf } from "../../api/records.ts";
import { useRecord } from "../../api/useRecord.ts";
import { Loaded } from "../../components/Loaded.tsx";
import { Panel } from "../../components/Panel.tsx";
import { HashComparison } from "./HashComparison.tsx";

export function AttestedSums({
  dispute: { poolId, round, defender, challenger },
}: {
  readonly dispute: Pick<Case, "poolId" | "round" | "defender" | "challenger">;
}) {
  const path = `/pools/${poolId}/rounds/${round}/attestations?limit=200`;
  const attestations = useRecord<PageOf<Attestation>>(path, ["round"]);
  return (
    <Panel title="Sums that they attested" source="attestations of the round, on the chain">
      <Loaded query={attestations} lines={4}>
        {({ items }) => {
          const by = (party: string) => items.find(({ verifier }) => verifier === party);
          return <Parts accused={by(defender)} accuser={by(challenger)} />;
        }}
      </Loaded>
    </Panel>
  );
}

function Parts({
  accused,
  accuser,
}: {
  readonly accused: Attestation | undefined;
  readonly accuser: Attestation | undefined;
}) {
  if (accused === undefined || accuser === undefined) {
    return (
      <p className="text-ink-soft">
        {accused === undefined
          ? "The index does not know what the accused attested."
          : "The challenger attested no sum of this round: it computed one later, and put a bond on it."}
      </p>
    );
  }
  return (
    <div className="space-y-4">
      <Part name="adapter" of={[accused.root, accuser.root]} />
      <Part name="momenta" of={[accused.momentumRoot, accuser.momentumRoot]} />
    </div>
  );
}

/** A sum has two parts, each with a root: the adapter, and the momenta that the next sum begins with. */
function Part({
  name,
  of: [accused, accuser],
}: {
  readonly name: string;
  readonly of: readonly [string | null, string | null];
}) {
  return (
    <div>
      <h3 className="mb-1 font-medium">Root of the {name}</h3>
      {accused === null || accuser === null ? (
        <p className="text-ink-soft">unknown</p>
      ) : (
        <HashComparison
          first={{ name: "The accused", hex: accused }}
          second={{ name: "The challenger", hex: accuser }}
        />
      )}
    </div>
  );
}
