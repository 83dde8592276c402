/** Ask an adapter something. */
import type { Metadata } from "next";
import { Suspense } from "react";
import { Skeleton } from "../../components/Skeleton.tsx";
import { PlaygroundView } from "../../views/playground/PlaygroundView.tsx";

export const metadata: Metadata = { title: "Playground" };

export default function PlaygroundPage() {
  return (
    <Suspense fallback={<Skeleton lines={8} />}>
      <PlaygroundView />
    </Suspense>
  );
}
