import { requireServer } from "@r3mes/tools/requireServer";
import { expect, test } from "vitest";
import { openBrowser } from "./openBrowser.ts";

const chromium = requireServer("chromium");

test("a page that imports what a module does not export is told of, and not waited for", async ({
  skip,
}) => {
  if (!chromium.available) return skip(chromium.reason);
  const page = `<!doctype html><title>broken</title><script type="module">
    import { nothing } from "/packages/engine/src/tensor/storage.ts";
    globalThis.ready = nothing;
  </script>`;
  const browser = await openBrowser(chromium.path, { isolated: true, page });
  try {
    await expect(browser.untilSet("ready")).rejects.toThrow("nothing");
  } finally {
    await browser.close();
  }
});
