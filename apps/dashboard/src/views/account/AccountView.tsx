"use client";
/** An account of the API: what it can spend, its keys, what each may do and has spent, and what became of the credit. */
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { ApiKey, MadeKey, OwnAccount } from "../../api/records.ts";
import { sendJson } from "../../api/sendJson.ts";
import { Figure, Figures } from "../../components/Figure.tsx";
import { Loaded } from "../../components/Loaded.tsx";
import { Page } from "../../components/Page.tsx";
import { Panel } from "../../components/Panel.tsx";
import { groupDigits } from "../../format/groupDigits.ts";
import { shorten } from "../../format/shorten.ts";
import { useKey } from "../../playground/useKey.ts";
import { KeyField } from "../playground/KeyField.tsx";
import { WalletSignIn } from "../playground/WalletSignIn.tsx";
import { EntryTable } from "./EntryTable.tsx";
import { KeyTable } from "./KeyTable.tsx";
import { MadeKeyNote } from "./MadeKeyNote.tsx";
import { NewKeyForm } from "./NewKeyForm.tsx";

export function AccountView() {
  const [key, keepKey] = useKey();
  const [made, setMade] = useState<MadeKey | null>(null);
  /** A key that was made here is shown to nobody who asks with another one. */
  const setKey = (next: string) => {
    setMade(null);
    keepKey(next);
  };
  const account = useQuery({
    queryKey: ["account", key],
    queryFn: ({ signal }) => sendJson<OwnAccount>("GET", "/v1/account", { key, signal }),
    retry: false,
  });
  const keys = useQuery({
    queryKey: ["account", key, "keys"],
    queryFn: ({ signal }) =>
      sendJson<{ readonly data: readonly ApiKey[] }>("GET", "/v1/keys", { key, signal }),
    enabled: account.isSuccess,
  });
  const own = useQuery({
    queryKey: ["account", key, "own"],
    queryFn: ({ signal }) => sendJson<{ readonly key: ApiKey }>("GET", "/v1/key", { key, signal }),
    enabled: account.isSuccess,
  });
  return (
    <Page
      title="Account"
      note="A token that is read or answered costs one credit. Keys share the credit of their account; each can be capped, end by itself, and be bound to models."
    >
      <Panel title="Whose account" source="a wallet's signature, or a key that may manage keys">
        <div className="flex flex-wrap items-end gap-x-6 gap-y-3">
          <KeyField value={key} onChange={setKey} />
          <WalletSignIn apiKey={key} onKey={setKey} />
        </div>
      </Panel>
      <Loaded query={account} lines={6}>
        {(shown) => (
          <>
            <Credit account={shown} />
            {made !== null && <MadeKeyNote made={made} />}
            <Panel title="Keys" source="kept by this server, which has the text of none" flush>
              <Loaded query={keys} lines={3}>
                {({ data }) => (
                  <KeyTable
                    keys={data}
                    apiKey={key}
                    ownId={own.data?.key.id ?? null}
                    onMade={setMade}
                  />
                )}
              </Loaded>
            </Panel>
            <NewKeyForm apiKey={key} onMade={setMade} />
            <Panel
              title="Changes of the credit"
              source="entries of the account at this server, the last hundred"
              flush
            >
              <EntryTable entries={shown.entries} keys={keys.data?.data ?? []} />
            </Panel>
          </>
        )}
      </Loaded>
    </Page>
  );
}

function Credit({ account }: { readonly account: OwnAccount }) {
  return (
    <Figures label="Credit" count={3}>
      <Figure
        label="To spend, credits"
        value={groupDigits(account.credits)}
        detail="one a token"
        source="entries of the account at this server, less what is set aside"
      />
      <Figure
        label="Set aside, credits"
        value={groupDigits(account.reserved)}
        detail="for answers that are under way"
        source="reservations of the account at this server"
      />
      <Figure
        label="Belongs to"
        value={account.address === null ? "this installation" : shorten(account.address)}
        detail={account.address === null ? "opened by its local key" : "opened by its wallet"}
        source="the account at this server"
      />
    </Figures>
  );
}
