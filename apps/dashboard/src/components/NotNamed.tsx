/** A page of one record that was opened without saying which. */
import { Empty } from "./Empty.tsx";
import { TextLink } from "./Hash.tsx";
import { Page } from "./Page.tsx";

export function NotNamed({
  title,
  list,
  href,
}: {
  readonly title: string;
  readonly list: string;
  readonly href: string;
}) {
  return (
    <Page title={title}>
      <Empty title="The address names no record">
        Choose one from <TextLink href={href}>{list}</TextLink>, or search by number, address or
        hash.
      </Empty>
    </Page>
  );
}
