/** One transaction, by hash. */
import type { Metadata } from "next";
import { Suspense } from "react";
import { Skeleton } from "../../components/Skeleton.tsx";
import { TransactionView } from "../../views/ledger/TransactionView.tsx";

export const metadata: Metadata = { title: "Transaction" };

export default function TransactionPage() {
  return (
    <Suspense fallback={<Skeleton lines={8} />}>
      <TransactionView />
    </Suspense>
  );
}
