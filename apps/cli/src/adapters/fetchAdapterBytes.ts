/** An adapter's file from an API that knows the chain: found by its root, fetched by its address, trusted in nothing. */
import { R3mesError } from "@r3mes/protocol";

/** @throws RECEIPT_WEIGHTS_MISSING, NODE_UNREACHABLE */
export async function fetchAdapterBytes(api: string, root: string): Promise<Uint8Array> {
  const search = new URL("/explorer/v1/search", api);
  search.searchParams.set("q", root);
  const { hits } = (await (await ask(search)).json()) as {
    hits?: readonly { readonly kind: string; readonly id: string }[];
  };
  const found = (hits ?? []).find(({ kind }) => kind === "adapter");
  if (found === undefined) {
    throw new R3mesError({ code: "RECEIPT_WEIGHTS_MISSING", what: "adapter", root });
  }
  const adapter = await (await ask(new URL(`/explorer/v1/adapters/${found.id}`, api))).json();
  const { cid } = adapter as { readonly cid: string };
  const content = await ask(new URL(`/explorer/v1/content/${cid}`, api));
  return new Uint8Array(await content.arrayBuffer());
}

async function ask(url: URL): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(url);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new R3mesError({ code: "NODE_UNREACHABLE", url: url.href, reason }, { cause });
  }
  if (response.ok) return response;
  throw new R3mesError({
    code: "NODE_UNREACHABLE",
    url: url.href,
    reason: `it answers ${response.status}`,
  });
}
