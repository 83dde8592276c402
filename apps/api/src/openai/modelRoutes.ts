/** What can be asked here. */
import { z } from "zod";
import type { RoutePlugin } from "../apiServer.ts";
import type { ServedModel } from "../catalogue/modelCatalogue.ts";
import { errorBody } from "../errors/errorBody.ts";
import { admitted } from "./admitted.ts";
import { askedModel, openModels } from "./askedModel.ts";
import type { OpenaiDeps } from "./openaiDeps.ts";
import { model, modelList } from "./replySchemas.ts";

const shared = { tags: ["models"], security: [{ key: [] }] };
const failures = { 401: errorBody, 403: errorBody, 429: errorBody };

export function modelRoutes(deps: OpenaiDeps): RoutePlugin {
  const describe = (served: ServedModel): z.infer<typeof model> => ({
    id: served.id,
    object: "model",
    created: served.createdS,
    owned_by: "r3mes",
    context_length: deps.manifest.architecture.context,
    parent: served.adapter === null ? null : deps.manifest.name,
    adapter_id: served.adapterId,
    adapter_root: served.adapter,
    status: served.status,
    pricing: { prompt: 1, completion: 1 },
  });
  return async (server) => {
    server.get(
      "/models",
      {
        schema: {
          ...shared,
          summary: "The models that can be asked with this key",
          response: { 200: modelList, ...failures },
        },
      },
      async (request, reply) => {
        const caller = await admitted(deps.access, request, reply, "inference");
        const open = openModels(deps.catalogue, caller);
        return { object: "list" as const, data: open.map(describe) };
      },
    );
    server.get(
      "/models/:model",
      {
        schema: {
          ...shared,
          summary: "One model, by its name or an alias such as pool-1@latest",
          params: z.object({ model: z.string().max(128) }),
          response: { 200: model, 404: errorBody, ...failures },
        },
      },
      async (request, reply) => {
        const caller = await admitted(deps.access, request, reply, "inference");
        return describe(askedModel(deps.catalogue, caller, request.params.model));
      },
    );
  };
}
