/** All disputes. */
import type { Metadata } from "next";
import { Suspense } from "react";
import { Skeleton } from "../../components/Skeleton.tsx";
import { DisputesView } from "../../views/dispute/DisputesView.tsx";

export const metadata: Metadata = { title: "Disputes" };

export default function DisputesPage() {
  return (
    <Suspense fallback={<Skeleton lines={8} />}>
      <DisputesView />
    </Suspense>
  );
}
