/** The root of the momenta of an outer step, which an index that began before it was kept has not got. */
import { Hash } from "./Hash.tsx";

const why = "Indexed before these roots were kept: indexer.rebuild reads the chain again";

export function MomentumRoot({ value }: { readonly value: string | null }) {
  if (value !== null) return <Hash value={value} what="root of the momenta" />;
  return (
    <span className="text-ink-soft" title={why}>
      not indexed
    </span>
  );
}
