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

export interface OpenBrowser {
  readonly page: Page;
  close(): Promise<void>;
}

export async function openBrowser(
  executablePath: string,
  options: SourceServerOptions & { readonly flags?: readonly string[] },
): Promise<OpenBrowser> {
  const server = await serveSources(options);
  const args = [...FLAGS, ...(options.flags ?? [])];
  const browser = await chromium.launch({ executablePath, args });
  const page = await browser.newPage();
  await page.goto(server.origin);
  return {
    page,
    async close() {
      await browser.close();
      await server.close();
    },
  };
}
