/** How queries are kept and renewed: events of the network renew them at once, a slow poll is the safety net. */
import { QueryClient } from "@tanstack/react-query";
import { ApiError } from "./ApiError.ts";
import { isFarList } from "./farList.ts";

const renewEveryMs = 15_000;
const freshMs = 1_000;
const retriesMax = 2;

export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        // Whoever comes back to a window would otherwise ask for all pages of a list.
        staleTime: ({ state }) => (isFarList(state.data) ? Number.POSITIVE_INFINITY : freshMs),
        refetchInterval: renewEveryMs,
        refetchOnWindowFocus: true,
        retry: (failures, error) =>
          failures < retriesMax &&
          !(error instanceof ApiError && error.status >= 400 && error.status < 500),
      },
    },
  });
}
