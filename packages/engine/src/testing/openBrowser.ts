/** A headless browser with a page of its own over the repository's sources, for tests. */
import { chromium, type Page } from "playwright-core";
import { type SourceServerOptions, serveSources } from "./serveSources.ts";

const FLAGS = [
  "--no-sandbox",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** A busy machine takes minutes to hand out the sources of a page, each of which is stripped of its types. */
const PATIENCE_MS = 180_000;

export interface OpenBrowser {
  readonly page: Page;
  /** Returns when the page's scripts have set this global. Fails with their error, if one has thrown: it would be waited for in vain. */
  untilSet(name: string): Promise<void>;
  close(): Promise<void>;
}

export async function openBrowser(
  executablePath: string,
  options: SourceServerOptions & { readonly flags?: readonly string[] },
): Promise<OpenBrowser> {
  const server = await serveSources(options);
  const args = [...FLAGS, ...(options.flags ?? [])];
  const browser = await chromium.launch({ executablePath, args });
  const close = async () => {
    await browser.close();
    await server.close();
  };
  const page = await browser.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  const thrown = new Promise<never>((_, reject) => page.once("pageerror", reject));
  // Whoever waits hears of it.
  thrown.catch(() => undefined);
  try {
    await page.goto(server.origin);
  } catch (error) {
    await close();
    throw error;
  }
  return {
    page,
    async untilSet(name) {
      await Promise.race([page.waitForFunction(`globalThis.${name} !== undefined`), thrown]);
    },
    close,
  };
}
