/** How queries are kept and renewed: events of the network renew them at once, a slow poll is the safety net. */
import { QueryClient } from "@tanstack/react-query";
import { ApiError } from "./ApiError.ts";

const renewEveryMs = 15_000;
const retriesMax = 2;

export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 1_000,
        refetchInterval: renewEveryMs,
        refetchOnWindowFocus: true,
        retry: (failures, error) =>
          failures < retriesMax &&
          !(error instanceof ApiError && error.status >= 400 && error.status < 500),
      },
    },
  });
}
