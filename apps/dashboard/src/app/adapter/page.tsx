/** One version of an adapter. */
import type { Metadata } from "next";
import { Suspense } from "react";
import { Skeleton } from "../../components/Skeleton.tsx";
import { AdapterView } from "../../views/adapter/AdapterView.tsx";

export const metadata: Metadata = { title: "Adapter" };

export default function AdapterPage() {
  return (
    <Suspense fallback={<Skeleton lines={8} />}>
      <AdapterView />
    </Suspense>
  );
}
