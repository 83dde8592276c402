"use client";
/**
 * Rows of one kind, of any number: only those in sight are in the document. It scrolls inside itself,
 * so that its head stays, and asks for more before the end is reached.
 */
import { useVirtualizer } from "@tanstack/react-virtual";
import { type ReactNode, useEffect, useRef } from "react";
import { cn } from "../components/cn.ts";

export type Column<Row> = {
  readonly name: string;
  /** A CSS length without the space between columns; the least one of a column that grows. */
  readonly width: string;
  readonly grows?: boolean;
  readonly right?: boolean;
  readonly cell: (row: Row) => ReactNode;
};

const rowPixels = 36;
/** Rows before the end at which more are asked for. */
const aheadRows = 20;

export type DataTableProps<Row> = {
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string | number;
  /** Called when the first row comes into sight. */
  readonly onStart?: () => void;
  /** Called when the last rows come into sight. */
  readonly onEnd?: () => void;
  /** More rows exist than are here, so their number is not known. */
  readonly more?: boolean;
};

export function DataTable<Row>(props: DataTableProps<Row>) {
  const { label, columns, rows, keyOf, onStart, onEnd, more = false } = props;
  const scroller = useRef<HTMLElement>(null);
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowPixels,
    overscan: 12,
  });
  const items = virtualizer.getVirtualItems();
  const before = items[0]?.start ?? 0;
  const after = virtualizer.getTotalSize() - (items.at(-1)?.end ?? 0);
  const lastInSight = items.at(-1)?.index ?? -1;
  const isAtStart = items[0]?.index === 0;
  useEffect(() => {
    if (isAtStart) onStart?.();
  }, [isAtStart, onStart]);
  useEffect(() => {
    if (lastInSight >= rows.length - aheadRows) onEnd?.();
  }, [lastInSight, rows.length, onEnd]);

  return (
    <section
      ref={scroller}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
      tabIndex={0}
      aria-label={`${label}, a table that scrolls`}
      className="scroll-shade max-h-[70vh] overflow-auto last:rounded-b-lg"
    >
      <table
        aria-label={label}
        aria-rowcount={more ? -1 : rows.length + 1}
        className="w-full table-fixed border-separate border-spacing-0"
        style={{
          minWidth: `calc(${columns.map(({ width }) => widthWithSpace(width)).join(" + ")})`,
        }}
      >
        <thead>
          <tr aria-rowindex={1}>
            {columns.map((column) => (
              <HeadCell key={column.name} column={column} />
            ))}
          </tr>
        </thead>
        <tbody>
          <Space pixels={before} />
          {items.map(({ index }) => (
            <tr
              key={keyOf(rows[index]!)}
              aria-rowindex={index + 2}
              className="h-9 hover:bg-raised not-last:*:border-b"
            >
              {columns.map((column) => (
                <Cell key={column.name} right={column.right === true}>
                  {column.cell(rows[index]!)}
                </Cell>
              ))}
            </tr>
          ))}
          <Space pixels={after} />
        </tbody>
      </table>
    </section>
  );
}

function widthWithSpace(width: string): string {
  return `${width} + 1.5rem`;
}

function HeadCell<Row>({ column }: { readonly column: Column<Row> }) {
  return (
    <th
      scope="col"
      style={column.grows === true ? {} : { width: `calc(${widthWithSpace(column.width)})` }}
      className={cn(
        "sticky top-0 z-10 h-9 truncate border-b border-line bg-surface px-3 text-xs font-medium text-ink-soft first:pl-4 last:pr-4",
        column.right === true ? "text-right" : "text-left",
      )}
    >
      {column.name}
    </th>
  );
}

function Cell({ right, children }: { readonly right: boolean; readonly children: ReactNode }) {
  return (
    <td className={cn("truncate border-line px-3 first:pl-4 last:pr-4", right && "text-right")}>
      {children}
    </td>
  );
}

/** Stands for the rows above or below those in sight. */
function Space({ pixels }: { readonly pixels: number }) {
  if (pixels <= 0) return null;
  return (
    <tr aria-hidden>
      <td style={{ height: pixels }} />
    </tr>
  );
}
