"use client";
/** Shows a query as what it is: on its way, failed, or there. What is there stays while it is renewed, unless it is gone. */
import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { ApiError } from "../api/ApiError.ts";
import { Failure } from "./Failure.tsx";
import { Skeleton } from "./Skeleton.tsx";

export function Loaded<Data>({
  query,
  children,
  lines,
}: {
  readonly query: UseQueryResult<Data>;
  readonly children: (data: Data) => ReactNode;
  readonly lines?: number;
}) {
  // After a reset of the chain its old records are not found any more: they must not stay in sight.
  const gone = query.error instanceof ApiError && query.error.status === 404;
  if (query.data !== undefined && !gone) return children(query.data);
  if (query.isError) return <Failure error={query.error} onRetry={() => void query.refetch()} />;
  return <Skeleton {...(lines === undefined ? {} : { lines })} />;
}
