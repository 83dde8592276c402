/** One chunk, by its place or by its submission. */
import type { Metadata } from "next";
import { Suspense } from "react";
import { Skeleton } from "../../components/Skeleton.tsx";
import { ChunkView } from "../../views/chunk/ChunkView.tsx";

export const metadata: Metadata = { title: "Chunk" };

export default function ChunkPage() {
  return (
    <Suspense fallback={<Skeleton lines={8} />}>
      <ChunkView />
    </Suspense>
  );
}
