/** Where everybody begins: the network at a glance. */
import type { Metadata } from "next";
import { Suspense } from "react";
import { AskedEarly } from "../api/AskedEarly.tsx";
import { Skeleton } from "../components/Skeleton.tsx";
import { NetworkView } from "../views/network/NetworkView.tsx";

export const metadata: Metadata = { title: { absolute: "Network · R3MES" } };

export default function NetworkPage() {
  return (
    <>
      <AskedEarly path="/network" />
      <Suspense fallback={<Skeleton lines={8} />}>
        <NetworkView />
      </Suspense>
    </>
  );
}
