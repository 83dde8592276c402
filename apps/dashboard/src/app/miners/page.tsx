/** Everybody who takes part. */
import type { Metadata } from "next";
import { Suspense } from "react";
import { Skeleton } from "../../components/Skeleton.tsx";
import { ParticipantsView } from "../../views/participant/ParticipantsView.tsx";

export const metadata: Metadata = { title: "Participants" };

export default function ParticipantsPage() {
  return (
    <Suspense fallback={<Skeleton lines={8} />}>
      <ParticipantsView />
    </Suspense>
  );
}
