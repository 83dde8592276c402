/**
 * Has the browser ask for a record while it still loads the scripts that will: `fetchJson` is then answered with what has come. It must
 * name nothing that the page does not ask for at once.
 */
import { explorer } from "./explorer.ts";

/** `path` is relative to the explorer. */
export function AskedEarly({ path }: { readonly path: string }) {
  return <link rel="preload" as="fetch" href={`${explorer}${path}`} crossOrigin="anonymous" />;
}
