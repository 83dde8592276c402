/** How a request to a model can fail, for the OpenAPI document. */
import { errorBody } from "../errors/errorBody.ts";

export const failures = {
  400: errorBody.describe("The request has another form, or its prompt does not fit."),
  401: errorBody.describe("No key, or one that is unknown, expired or revoked."),
  402: errorBody.describe("Too little credit; the message says how much is needed."),
  403: errorBody.describe("The key lacks the scope, or may not ask this model."),
  404: errorBody.describe("No such model."),
  413: errorBody.describe("The body is too large."),
  429: errorBody.describe("Too many requests; `retry-after` says when."),
  503: errorBody.describe("Nothing can answer now; `retry-after` says when."),
} as const;
