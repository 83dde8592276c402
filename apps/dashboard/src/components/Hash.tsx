/** A long name, shortened for the eye and whole for the clipboard; a link where something can be seen under it. */
import Link from "next/link";
import { shorten } from "../format/shorten.ts";
import { CopyButton } from "./CopyButton.tsx";

export function Hash({
  value,
  href,
  what = "value",
  whole = false,
}: {
  /** Null or empty where it is not known yet. */
  readonly value: string | null | undefined;
  readonly href?: string;
  /** What it is, for the label of the copy button. */
  readonly what?: string;
  readonly whole?: boolean;
}) {
  if (value === null || value === undefined || value === "") {
    return <span className="text-ink-soft">not known yet</span>;
  }
  const text = whole ? value : shorten(value);
  return (
    <span className="inline-flex max-w-full items-center gap-0.5 font-mono text-[0.8125rem]">
      {href === undefined ? (
        <span title={value} className={whole ? "break-all" : "truncate"}>
          {text}
        </span>
      ) : (
        <TextLink href={href} title={value}>
          {text}
        </TextLink>
      )}
      <CopyButton text={value} label={`Copy ${what}`} />
    </span>
  );
}

/** A link inside running text or a table. */
export function TextLink({
  href,
  children,
  title,
}: {
  readonly href: string;
  readonly children: React.ReactNode;
  readonly title?: string;
}) {
  return (
    <Link
      href={href}
      prefetch={false}
      {...(title === undefined ? {} : { title })}
      className="text-accent underline decoration-line-strong underline-offset-2 hover:decoration-accent"
    >
      {children}
    </Link>
  );
}
