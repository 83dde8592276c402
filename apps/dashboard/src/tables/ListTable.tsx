"use client";
/** A list of the API as a table: fetched page by page while somebody scrolls. */
import { type ReactNode, useCallback } from "react";
import type { ListResult } from "../api/useList.ts";
import { Failure } from "../components/Failure.tsx";
import { Skeleton } from "../components/Skeleton.tsx";
import { type Column, DataTable } from "./DataTable.tsx";

export function ListTable<Row>({
  list,
  label,
  columns,
  keyOf,
  empty,
}: {
  readonly list: ListResult<Row>;
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly keyOf: (row: Row) => string | number;
  /** What is said when the list has no rows. */
  readonly empty: ReactNode;
}) {
  const { data, isError, error, refetch, onStart } = list;
  const { hasNextPage, isFetching, isFetchNextPageError, fetchNextPage } = list;
  const onEnd = useCallback(() => {
    // A page that failed is asked for again by hand: the rows in sight would ask without a pause.
    if (hasNextPage && !isFetching && !isFetchNextPageError) void fetchNextPage();
  }, [hasNextPage, isFetching, isFetchNextPageError, fetchNextPage]);
  if (data === undefined) {
    return isError ? (
      <Failure error={error} onRetry={() => void refetch()} />
    ) : (
      <Skeleton lines={8} />
    );
  }
  const rows = data.pages.flatMap((page) => page.items);
  if (rows.length === 0) return empty;
  return (
    <>
      <DataTable
        label={label}
        columns={columns}
        rows={rows}
        keyOf={keyOf}
        onStart={onStart}
        onEnd={onEnd}
        more={hasNextPage}
      />
      {isFetchNextPageError && <Failure error={error} onRetry={() => void fetchNextPage()} />}
    </>
  );
}
