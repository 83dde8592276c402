/** Every page of the dashboard in a real browser, over the real API and the history of a real chain that was recorded. */
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import AxeBuilder from "@axe-core/playwright";
import { indexTo, recordedChain } from "@r3mes/history/testing";
import { requireServer } from "@r3mes/tools/requireServer";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { builtPages, type OpenDashboard, openDashboard } from "./openDashboard.ts";
import { trainedStep } from "./trainedStep.ts";

const shots = join(import.meta.dirname, "dist/screenshots");
const found = requireServer("chromium");
const shown = recordedChain().blocks.length - 5;

let dashboard: OpenDashboard;
let origin: string;
let browser: Browser | undefined;

beforeAll(async () => {
  dashboard = await openDashboard(shown);
  origin = dashboard.origin;
  if (!found.available) return;
  const args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"];
  browser = await chromium.launch({ executablePath: found.path, args });
}, 300_000);

afterAll(async () => {
  await browser?.close();
  await dashboard?.close();
});

async function read<Reply>(path: string): Promise<Reply> {
  const reply = await fetch(`${origin}/explorer/v1${path}`);
  expect(reply.status, path).toBe(200);
  return (await reply.json()) as Reply;
}

/** Each page by its heading, with names that the recorded chain has. */
async function pagesToWalk(): Promise<readonly (readonly [path: string, heading: string])[]> {
  const { items: work } = await read<{
    items: { id: number; poolId: number; round: number; chunk: number; miner: string }[];
  }>("/submissions?limit=1");
  const { items: sent } = await read<{ items: { hash: string }[] }>("/transactions?limit=1");
  const { id, poolId, round, chunk, miner } = work[0]!;
  return [
    ["/", "Network"],
    ["/rounds", "Rounds"],
    [`/round?pool=${poolId}&round=${round}`, `Round ${round}`],
    [`/chunk?pool=${poolId}&round=${round}&chunk=${chunk}`, `Chunk ${chunk}`],
    [`/chunk?submission=${id}`, `Submission ${id}`],
    ["/adapters", "Adapters"],
    ["/adapter?id=1", "Adapter 1"],
    ["/miners", "Participants"],
    [`/miner?address=${miner}`, "Participant"],
    ["/disputes", "Disputes"],
    ["/dispute", "Dispute"],
    ["/playground", "Playground"],
    ["/blocks", "Blocks"],
    ["/block?id=2", "Block 2"],
    ["/transactions", "Transactions"],
    [`/transaction?hash=${sent[0]!.hash}`, "Transaction"],
    ["/nowhere", "No such page"],
  ];
}

async function openPage(look: BrowserContextOptions): Promise<{ page: Page; faults: string[] }> {
  const context = await browser!.newContext(look);
  const page = await context.newPage();
  const faults: string[] = [];
  page.on("pageerror", (error) => faults.push(error.message));
  page.on("console", (message) => {
    // A reply that is no success is the page's to show; everything else is a fault.
    const expected = message.text().startsWith("Failed to load resource");
    if (message.type() === "error" && !expected) faults.push(message.text());
  });
  page.on("request", (request) => {
    if (!request.url().startsWith(origin)) faults.push(`asked ${request.url()}`);
  });
  return { page, faults };
}

async function settle(page: Page): Promise<void> {
  await page.locator("h1").waitFor();
  // By a locator: a condition in words would be evaluated in the page, which its policy forbids.
  await page.locator("[aria-label=Loading]").first().waitFor({ state: "detached" });
}

const desk = { width: 1360, height: 900 };
const looks: readonly [string, BrowserContextOptions][] = [
  ["light", { viewport: desk, colorScheme: "light" }],
  ["dark", { viewport: desk, colorScheme: "dark" }],
  ["phone", { viewport: { width: 390, height: 844 }, colorScheme: "light" }],
];

for (const [name, look] of looks) {
  test(`every page is whole, accessible and quiet in ${name}`, { timeout: 600_000 }, async ({
    skip,
  }) => {
    if (!found.available) return skip(found.reason);
    mkdirSync(shots, { recursive: true });
    const { page, faults } = await openPage(look);
    for (const [path, heading] of await pagesToWalk()) {
      await page.goto(origin + path);
      await settle(page);
      expect(await page.locator("h1").innerText(), path).toContain(heading);
      const file = `${heading.replaceAll(" ", "-")}-${name}.png`.toLowerCase();
      await page.screenshot({ path: join(shots, file), fullPage: true });
      const { violations } = await new AxeBuilder({ page }).analyze();
      const serious = violations.filter(
        ({ impact }) => impact === "serious" || impact === "critical",
      );
      expect(
        serious.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`),
        path,
      ).toEqual([]);
      const wide = await page.evaluate("document.documentElement.scrollWidth - innerWidth");
      expect(wide, `${path} is wider than the screen`).toBeLessThanOrEqual(0);
    }
    expect(faults).toEqual([]);
    await page.context().close();
  });
}

test("a page follows the chain without being loaded again, and the search leads to a record", {
  timeout: 600_000,
}, async ({ skip }) => {
  if (!found.available) return skip(found.reason);
  const { page, faults } = await openPage({ viewport: desk });
  await page.goto(origin);
  const height = (value: number) =>
    page.getByText(value.toLocaleString("en"), { exact: false }).first();
  await height(shown).waitFor();
  await indexTo(shown + 4, dashboard.node, dashboard.database);
  await height(shown + 4).waitFor();

  await page.keyboard.press("/");
  await page.getByRole("combobox").fill("2");
  await page.getByRole("option").first().waitFor();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await page.waitForURL(/[?](id|pool|hash|submission|address)=/);
  await settle(page);
  expect(faults).toEqual([]);
  await page.context().close();
});

test("the step of an audit, replayed in the browser, equals the miner's root, or says where it differs", {
  timeout: 600_000,
}, async ({ skip }) => {
  if (!found.available) return skip(found.reason);
  const { step, rootBefore, rootAfter, inputs } = await trainedStep(dashboard.store);
  const { items } = await read<{ items: { id: number }[] }>("/submissions?limit=1");
  const path = `/submissions/${items[0]!.id}`;
  const recorded = await read<{ audits: object[] }>(path);
  const wrong = rootAfter.replace(/^../, rootAfter.startsWith("00") ? "01" : "00");
  for (const [shownRoot, verdict] of [
    [rootAfter, "Equal, byte for byte."],
    [wrong, "They differ in 1 of 32 bytes, first in byte 0."],
  ] as const) {
    const { page, faults } = await openPage({ viewport: desk });
    // The recorded chain's content is gone, so this audit is of a chunk that was trained just now.
    const audit = { ...recorded.audits.at(-1), step, rootBefore, rootAfter: shownRoot };
    const api = `${origin}/explorer/v1${path}`;
    await page.route(api, (route) => route.fulfill({ json: { ...recorded, audits: [audit] } }));
    await page.route(`${api}/inputs`, (route) => route.fulfill({ json: inputs }));
    await page.goto(`${origin}/chunk?submission=${items[0]!.id}`);
    await page.getByRole("button", { name: "Replay this step here" }).click();
    await page.locator("[data-replay=done],[data-replay=failed]").waitFor({ timeout: 400_000 });
    expect(await page.locator("figcaption").innerText()).toBe(verdict);
    await page.screenshot({
      path: join(shots, `replay-${shownRoot === wrong}.png`),
      fullPage: true,
    });
    expect(faults).toEqual([]);
    await page.context().close();
  }
});

test("no page asks for more than 250 kB of script", async () => {
  const names = ["index", "rounds", "round", "chunk", "adapters", "adapter", "miners", "miner"];
  names.push("disputes", "dispute", "playground", "blocks", "block", "transactions", "transaction");
  for (const name of names) {
    const html = readFileSync(join(builtPages, `${name}.html`), "utf8");
    const tags = [...html.matchAll(/<script\s[^>]*src="([^"]+\.js)"[^>]*>/g)];
    const files = tags.filter(([tag]) => !/nomodule/i.test(tag)).map(([, src]) => src!);
    const bytes = [...new Set(files)].reduce(
      (sum, file) => sum + gzipSync(readFileSync(join(builtPages, file))).length,
      0,
    );
    expect(files.length, name).toBeGreaterThan(3);
    expect(bytes, name).toBeLessThanOrEqual(250_000);
  }
});
