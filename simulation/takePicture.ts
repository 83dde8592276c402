/**
 * A picture of the page that shows the network, for people who read about it: `node simulation/takePicture.ts http://127.0.0.1:PORT
 * docs/network.png`, where PORT is the dashboard's of a network that has made some versions.
 */
import { writeFileSync } from "node:fs";
import { requireServer } from "@r3mes/tools/requireServer";
import { chromium } from "playwright-core";

const [url, file] = process.argv.slice(2);
const found = requireServer("chromium");
if (url === undefined || file === undefined || !found.available) {
  console.error(found.available ? "usage: node simulation/takePicture.ts URL FILE" : found.reason);
  process.exit(2);
}
const browser = await chromium.launch({
  executablePath: found.path,
  args: ["--no-sandbox", "--disable-gpu", "--no-first-run"],
});
const page = await browser.newPage({
  viewport: { width: 1360, height: 784 },
  colorScheme: "light",
});
// The clock of the page stands at the newest block, so that a network that has ended looks as it did.
const status = await fetch(new URL("/explorer/v1/status", url));
const { indexedTimeMs } = (await status.json()) as { readonly indexedTimeMs: number };
await page.clock.setFixedTime(indexedTimeMs);
await page.goto(url);
await page
  .getByText(/\d bits\/token/)
  .first()
  .waitFor();
await page.locator("[aria-label=Loading]").first().waitFor({ state: "detached" });
const png = await page.screenshot();
await browser.close();
writeFileSync(file, png);
console.log(`${file}: ${png.length} bytes`);
