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

/** There is one document to read, and no bar to choose another. */
const ownStyle = ".swagger-ui .topbar { display: none }";

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
    transformObject: (document) => withoutUnused(jsonSchemaTransformObject(document)),
  });
  await server.register(swaggerUi, {
    routePrefix: "/docs",
    uiConfig: { deepLinking: true, defaultModelsExpandDepth: 0 },
    theme: { title: "API · R3MES", css: [{ filename: "page.css", content: ownStyle }] },
  });
  const schema = { hide: true, response: { 200: z.unknown() } };
  server.get("/openapi.json", { schema }, async (_request, reply) =>
    reply.type("application/json").serializer(JSON.stringify).send(server.swagger()),
  );
}

type Document = ReturnType<typeof jsonSchemaTransformObject>;

/** Every schema is there once for requests and once for replies; most are used in one of them only. */
function withoutUnused(document: Document): Document {
  const { components = {} } = document as { components?: { schemas?: Record<string, object> } };
  const { schemas = {} } = components;
  const used = new Set<string>();
  const waiting: unknown[] = [{ ...document, components: {} }];
  for (let part = waiting.pop(); part !== undefined; part = waiting.pop()) {
    const references = JSON.stringify(part).matchAll(/"#\/components\/schemas\/(\w+)"/g);
    for (const [, name = ""] of references) {
      if (used.has(name)) continue;
      used.add(name);
      waiting.push(schemas[name]);
    }
  }
  const kept = Object.fromEntries(Object.entries(schemas).filter(([name]) => used.has(name)));
  return { ...document, components: { ...components, schemas: kept } } as Document;
}
