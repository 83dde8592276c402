/** Clients that send every request as JSON say so of one without a body, too. A route that needs one still refuses it, by its schema. */
import type { ApiServer } from "./apiServer.ts";

export function acceptEmptyBodies(server: ApiServer): void {
  const parse = server.getDefaultJsonParser("error", "error");
  server.removeContentTypeParser("application/json");
  server.addContentTypeParser("application/json", { parseAs: "string" }, (request, body, done) => {
    if (body === "") done(null, undefined);
    else parse(request, body as string, done);
  });
}
