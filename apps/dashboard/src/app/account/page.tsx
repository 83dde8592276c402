/** Keys and credit of whoever asks here. */
import type { Metadata } from "next";
import { Suspense } from "react";
import { Skeleton } from "../../components/Skeleton.tsx";
import { AccountView } from "../../views/account/AccountView.tsx";

export const metadata: Metadata = { title: "Account" };

export default function AccountPage() {
  return (
    <Suspense fallback={<Skeleton lines={8} />}>
      <AccountView />
    </Suspense>
  );
}
