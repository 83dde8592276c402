/** How many requests, to which route, with which end, and how long they took. */
import type { Metrics } from "@r3mes/service";
import type { ApiServer } from "../apiServer.ts";

/** Every reply of the whole server, by its route as it was declared: paths that people make up give no new series. */
export function countReplies(server: ApiServer, metrics: Metrics): void {
  const seconds = metrics.histogram({
    name: "r3mes_http_request_seconds",
    help: "From the head of a request to the end of its reply.",
    labels: ["method", "route", "status"],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 60],
  });
  server.addHook("onResponse", async ({ method, routeOptions }, reply) => {
    const labels = { method, route: routeOptions.url ?? "none", status: String(reply.statusCode) };
    seconds.observe(labels, reply.elapsedTime / 1000);
  });
}
