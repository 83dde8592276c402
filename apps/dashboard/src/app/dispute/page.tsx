/** One dispute. */
import type { Metadata } from "next";
import { Suspense } from "react";
import { Skeleton } from "../../components/Skeleton.tsx";
import { DisputeView } from "../../views/dispute/DisputeView.tsx";

export const metadata: Metadata = { title: "Dispute" };

export default function DisputePage() {
  return (
    <Suspense fallback={<Skeleton lines={8} />}>
      <DisputeView />
    </Suspense>
  );
}
