/** Health, readiness and metrics: what a supervisor, a balancer and Prometheus ask. */
import { type Health, healthPaths, type Metrics } from "@r3mes/service";
import { z } from "zod";
import type { RoutePlugin } from "../apiServer.ts";

const health = z
  .object({
    status: z.enum(["ok", "degraded", "failed"]),
    checks: z.array(
      z.object({
        name: z.string(),
        status: z.enum(["ok", "failed"]),
        required: z.boolean(),
        detail: z.string(),
      }),
    ),
  })
  .meta({ id: "Health" });

export function operationsRoutes(deps: {
  readonly health: Health;
  readonly metrics: Metrics;
}): RoutePlugin {
  return async (server) => {
    server.get(
      healthPaths.live,
      {
        schema: {
          tags: ["operations"],
          summary: "Whether the process should be restarted",
          response: { 200: health },
        },
      },
      async () => reportOf(deps.health.live()),
    );
    server.get(
      healthPaths.ready,
      {
        schema: {
          tags: ["operations"],
          summary: "Whether it may get work, dependency by dependency",
          response: { 200: health, 503: health },
        },
      },
      async (_request, reply) => {
        const report = reportOf(await deps.health.ready());
        return reply.status(report.status === "failed" ? 503 : 200).send(report);
      },
    );
    server.get("/metrics", { schema: { hide: true } }, async (_request, reply) =>
      reply.type(deps.metrics.contentType).send(await deps.metrics.render()),
    );
  };
}

function reportOf({ status, checks }: ReturnType<Health["live"]>) {
  return { status, checks: [...checks] };
}
