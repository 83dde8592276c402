/** All transactions. */
import type { Metadata } from "next";
import { Suspense } from "react";
import { Skeleton } from "../../components/Skeleton.tsx";
import { TransactionsView } from "../../views/ledger/TransactionsView.tsx";

export const metadata: Metadata = { title: "Transactions" };

export default function TransactionsPage() {
  return (
    <Suspense fallback={<Skeleton lines={8} />}>
      <TransactionsView />
    </Suspense>
  );
}
