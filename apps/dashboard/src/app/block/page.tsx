/** One block, by height or hash. */
import type { Metadata } from "next";
import { Suspense } from "react";
import { Skeleton } from "../../components/Skeleton.tsx";
import { BlockView } from "../../views/ledger/BlockView.tsx";

export const metadata: Metadata = { title: "Block" };

export default function BlockPage() {
  return (
    <Suspense fallback={<Skeleton lines={8} />}>
      <BlockView />
    </Suspense>
  );
}
