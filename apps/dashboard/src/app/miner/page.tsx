/** One participant, by address. */
import type { Metadata } from "next";
import { Suspense } from "react";
import { Skeleton } from "../../components/Skeleton.tsx";
import { ParticipantView } from "../../views/participant/ParticipantView.tsx";

export const metadata: Metadata = { title: "Participant" };

export default function ParticipantPage() {
  return (
    <Suspense fallback={<Skeleton lines={8} />}>
      <ParticipantView />
    </Suspense>
  );
}
