/**
 * The OpenAPI 3.1 document, made from the schemas that check requests and replies, and a page to read it. The document is served at
 * `/openapi.json` and committed as `apps/api/openapi.json`.
 */
import swagger from "@fastify/swagger";
import swaggerUi from "@fastify/swagger-ui";
import { jsonSchemaTransform, jsonSchemaTransformObject } from "fastify-type-provider-zod";
import { z } from "zod";
import type { ApiServer } from "./apiServer.ts";

const description = `Adapters of the R3MES network answer as a language model. The routes under \`/v1\` are those of OpenAI's API, so its
clients work unchanged when their base URL points here. Every error has the form \`{"error": {...}}\`; its \`r3mes_code\` is a code of
the error catalogue.`;

export async function addOpenApi(server: ApiServer): Promise<void> {
  await server.register(swagger, {
    openapi: {
      openapi: "3.1.0",
      info: { title: "R3MES API", version: "0.1.0", description, license: { name: "Apache-2.0" } },
      tags: [
        { name: "models", description: "What can be asked." },
        { name: "inference", description: "Asking." },
        { name: "accounts", description: "Keys and credit." },
        { name: "explorer", description: "What happened on the chain." },
        { name: "operations", description: "Health and metrics, for whoever runs it." },
      ],
      components: {
        securitySchemes: { key: { type: "http", scheme: "bearer", description: "An API key." } },
      },
    },
    transform: jsonSchemaTransform,
    transformObject: jsonSchemaTransformObject,
  });
  await server.register(swaggerUi, { routePrefix: "/docs", uiConfig: { deepLinking: true } });
  const schema = { hide: true, response: { 200: z.unknown() } };
  server.get("/openapi.json", { schema }, async (_request, reply) =>
    reply.type("application/json").serializer(JSON.stringify).send(server.swagger()),
  );
}
