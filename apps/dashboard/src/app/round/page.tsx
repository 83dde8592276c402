/** One round, by pool and number. */
import type { Metadata } from "next";
import { Suspense } from "react";
import { Skeleton } from "../../components/Skeleton.tsx";
import { RoundView } from "../../views/round/RoundView.tsx";

export const metadata: Metadata = { title: "Round" };

export default function RoundPage() {
  return (
    <Suspense fallback={<Skeleton lines={8} />}>
      <RoundView />
    </Suspense>
  );
}
