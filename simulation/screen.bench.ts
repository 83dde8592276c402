/** How soon a visitor who never was here sees the loss of the newest version: the built pages over a recorded chain, in Chromium. */
import { recordedChain } from "@r3mes/history/testing";
import type { Bench } from "@r3mes/tools/bench";
import { requireServer } from "@r3mes/tools/requireServer";
import { chromium } from "playwright-core";
import { openDashboard } from "./openDashboard.ts";

interface Seen {
  /** Since the navigation began, in milliseconds. */
  readonly firstPaint: number;
  readonly loss: number;
}

/** Runs in the page: takes the time when the loss has been painted. */
const watchForLoss = `
  const look = new MutationObserver(() => {
    if (!/\\d bits\\/token/.test(document.body?.innerText ?? "")) return;
    look.disconnect();
    requestAnimationFrame(() => setTimeout(() => performance.mark("loss")));
  });
  look.observe(document, { subtree: true, childList: true, characterData: true });
`;

/** Runs in the page. */
function readSeen(): Seen | null {
  const [loss] = performance.getEntriesByName("loss");
  const [paint] = performance.getEntriesByName("first-contentful-paint");
  if (loss === undefined || paint === undefined) return null;
  return { firstPaint: paint.startTime, loss: loss.startTime };
}

export const bench: Bench = {
  about: "From an empty cache to the loss on the Network page, in Chromium over loopback.",
  contests: async () => {
    const found = requireServer("chromium");
    if (!found.available) throw new Error(found.reason);
    const dashboard = await openDashboard(recordedChain("disputes").height);
    const browser = await chromium.launch({
      executablePath: found.path,
      args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"],
    });
    const visit = async (): Promise<Seen> => {
      // A context of its own has a cache of its own.
      const context = await browser.newContext({ viewport: { width: 1360, height: 784 } });
      const page = await context.newPage();
      await page.addInitScript({ content: watchForLoss });
      await page.goto(dashboard.origin);
      let seen: Seen | null = null;
      while (seen === null) {
        await page.waitForTimeout(50);
        seen = await page.evaluate(readSeen);
      }
      await context.close();
      return seen;
    };
    const contest = {
      name: "the Network page from an empty cache",
      unit: "ms",
      rounds: 15,
      ours: { label: "until its loss is there", sample: async () => (await visit()).loss },
      rivals: [
        { label: "until anything is there", sample: async () => (await visit()).firstPaint },
      ],
    };
    return [contest];
  },
};
