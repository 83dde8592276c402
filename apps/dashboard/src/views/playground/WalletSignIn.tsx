"use client";
/** A key for visitors who have a wallet instead: signed in, with the credits that are left, and out again. */
import { useMutation, useQuery } from "@tanstack/react-query";
import { useSyncExternalStore } from "react";
import { Account } from "../../components/Account.tsx";
import { Failure } from "../../components/Failure.tsx";
import { groupDigits } from "../../format/groupDigits.ts";
import { useStatus } from "../../live/useStatus.ts";
import { findWallet, readCredits, type Session, signIn, signOut } from "../../playground/signIn.ts";
import { useSession } from "../../playground/useSession.ts";

const never = () => () => {};
const button =
  "h-8 rounded-md border border-line-strong bg-surface px-3 hover:bg-raised disabled:opacity-60";

export function WalletSignIn({
  apiKey,
  onKey,
}: {
  /** The key in use: another one than the session's is no longer that of the wallet. */
  readonly apiKey: string;
  readonly onKey: (key: string) => void;
}) {
  const hasWallet = useSyncExternalStore(
    never,
    () => findWallet() !== null,
    () => false,
  );
  const chainId = useStatus().index?.chainId ?? null;
  const [opened, setOpened] = useSession();
  const session = opened?.key === apiKey ? opened : null;
  const change = useMutation({
    mutationFn: async () => {
      const next = session === null ? await signIn(findWallet()!, chainId!) : null;
      setOpened(next);
      onKey(next?.key ?? "");
      // Last: one that has ended by itself cannot be ended, and must not keep its visitor.
      if (session !== null) await signOut(session.key);
    },
  });
  if (!hasWallet) return null;
  return (
    <div className="flex flex-wrap items-center gap-3">
      <button
        type="button"
        className={button}
        disabled={change.isPending || (session === null && chainId === null)}
        onClick={() => change.mutate()}
      >
        {session === null ? "Sign in with your wallet" : "Sign out"}
      </button>
      {session !== null && <SignedIn session={session} />}
      {change.isError && <Failure error={change.error} />}
    </div>
  );
}

function SignedIn({ session: { address, key } }: { readonly session: Session }) {
  const credits = useQuery({ queryKey: ["credits", key], queryFn: () => readCredits(key) });
  return (
    <span className="text-xs text-ink-soft">
      <Account address={address} />,{" "}
      {credits.data === undefined ? "credits unknown" : `${groupDigits(credits.data)} credits left`}
    </span>
  );
}
