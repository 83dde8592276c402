/** A path that leads nowhere. */
import type { Metadata } from "next";
import { Empty } from "../components/Empty.tsx";
import { TextLink } from "../components/Hash.tsx";
import { Page } from "../components/Page.tsx";

export const metadata: Metadata = { title: "No such page" };

export default function NotFound() {
  return (
    <Page title="No such page">
      <Empty title="Nothing lives at this address">
        Search above by number, address, height or hash, or begin at{" "}
        <TextLink href="/">the network</TextLink>.
      </Empty>
    </Page>
  );
}
