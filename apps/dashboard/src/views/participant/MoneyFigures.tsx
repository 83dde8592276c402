/** The sums that an account is about. Each is the chain's; none is an estimate. */
import type { AccountDetail } from "../../api/records.ts";
import { Figure, Figures } from "../../components/Figure.tsx";
import { countText } from "../../format/countText.ts";
import { remesNumber, remesText } from "../../format/remesText.ts";

export function MoneyFigures({ account }: { readonly account: AccountDetail }) {
  const waiting = account.submissionsByStatus.accepted ?? 0;
  const bonded = account.bonds.reduce((sum, { amount }) => sum + BigInt(amount), 0n);
  const locked = account.bonds.reduce((sum, bond) => sum + BigInt(bond.locked), 0n);
  return (
    <Figures label="Money of this account">
      <Figure
        label="Pending"
        value={countText(waiting, "chunk")}
        detail="accepted, not mature yet"
        source="submissions that may still be challenged; their pay is fixed when they mature"
      />
      <Figure
        label="Matured in all, REMES"
        value={remesNumber(account.credited)}
        detail="credited"
        source="lines of pay that the chain credited"
      />
      <Figure
        label="Withdrawable, REMES"
        value={remesNumber(account.withdrawable)}
        detail="credited, not withdrawn"
        source="lines of pay that the chain credited, less withdrawals"
      />
      <Figure
        label="Paid out, REMES"
        value={remesNumber(account.withdrawn)}
        detail="withdrawn"
        source="withdrawals on the chain"
      />
      <Figure
        label="Bonded, REMES"
        value={remesNumber(bonded)}
        detail={`${remesText(locked)} held by open work`}
        source="bonds of all roles on the chain"
      />
      <Figure
        label="Fined, REMES"
        value={remesNumber(account.taken)}
        detail={countText(account.offences, "offence")}
        source="offences that the chain recorded"
      />
    </Figures>
  );
}
