/** Everything under `/v1` that OpenAI's clients call. */
import type { RoutePlugin } from "../apiServer.ts";
import { chatRoutes } from "./chatRoutes.ts";
import { completionRoutes } from "./completionRoutes.ts";
import { createPrompts } from "./createPrompts.ts";
import { embeddingRoutes } from "./embeddingRoutes.ts";
import { modelRoutes } from "./modelRoutes.ts";
import type { OpenaiDeps } from "./openaiDeps.ts";

export function openaiRoutes(deps: OpenaiDeps): RoutePlugin {
  const prompts = createPrompts(deps.manifest, deps.tokenizer);
  return async (server) => {
    await server.register(modelRoutes(deps));
    await server.register(chatRoutes(deps, prompts));
    await server.register(completionRoutes(deps, prompts));
    await server.register(embeddingRoutes(deps, prompts));
  };
}
