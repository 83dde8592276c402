/** All rounds. */
import type { Metadata } from "next";
import { Suspense } from "react";
import { Skeleton } from "../../components/Skeleton.tsx";
import { RoundsView } from "../../views/round/RoundsView.tsx";

export const metadata: Metadata = { title: "Rounds" };

export default function RoundsPage() {
  return (
    <Suspense fallback={<Skeleton lines={8} />}>
      <RoundsView />
    </Suspense>
  );
}
