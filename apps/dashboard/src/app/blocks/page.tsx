/** All blocks. */
import type { Metadata } from "next";
import { Suspense } from "react";
import { Skeleton } from "../../components/Skeleton.tsx";
import { BlocksView } from "../../views/ledger/BlocksView.tsx";

export const metadata: Metadata = { title: "Blocks" };

export default function BlocksPage() {
  return (
    <Suspense fallback={<Skeleton lines={8} />}>
      <BlocksView />
    </Suspense>
  );
}
