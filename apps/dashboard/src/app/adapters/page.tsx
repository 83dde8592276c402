/** All versions of all adapters. */
import type { Metadata } from "next";
import { Suspense } from "react";
import { Skeleton } from "../../components/Skeleton.tsx";
import { AdaptersView } from "../../views/adapter/AdaptersView.tsx";

export const metadata: Metadata = { title: "Adapters" };

export default function AdaptersPage() {
  return (
    <Suspense fallback={<Skeleton lines={8} />}>
      <AdaptersView />
    </Suspense>
  );
}
