/** Every page of the dashboard in a real browser, over the real API and the history of a real chain that was recorded. */
import { mkdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import AxeBuilder from "@axe-core/playwright";
import { indexTo, recordedChain } from "@r3mes/history/testing";
import { requireServer } from "@r3mes/tools/requireServer";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { builtPages, type OpenDashboard, openDashboard } from "./openDashboard.ts";
import { type OpenPlayground, openPlayground } from "./openPlayground.ts";
import { trainedStep } from "./trainedStep.ts";

/** Pictures of every page in every look, for people to leaf through. */
const shots = join(import.meta.dirname, "dist/screenshots");
const found = requireServer("chromium");
const shown = recordedChain("disputes").blocks.length - 5;

let dashboard: OpenDashboard;
let playground: OpenPlayground;
let origin: string;
let browser: Browser | undefined;

beforeAll(async () => {
  [dashboard, playground] = await Promise.all([openDashboard(shown), openPlayground()]);
  origin = dashboard.origin;
  if (!found.available) return;
  mkdirSync(shots, { recursive: true });
  const args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"];
  browser = await chromium.launch({ executablePath: found.path, args });
}, 300_000);

afterAll(async () => {
  await browser?.close();
  await Promise.all([dashboard?.close(), playground?.close()]);
});

async function read<Reply>(path: string): Promise<Reply> {
  const reply = await fetch(`${origin}/explorer/v1${path}`);
  expect(reply.status, path).toBe(200);
  return (await reply.json()) as Reply;
}

type Dispute = { id: number; kind: string; outcome: string; defender: string };

function convicted(disputes: readonly Dispute[], about: string): Dispute {
  return disputes.find(({ kind, outcome }) => kind === about && outcome === "convicted")!;
}

type Walked = readonly [path: string, heading: string, picture?: string];

/** Each page by its heading, with names that the recorded chain has. */
async function pagesToWalk(): Promise<readonly Walked[]> {
  const { items: work } = await read<{
    items: { id: number; poolId: number; round: number; chunk: number; miner: string }[];
  }>("/submissions?limit=1");
  const { items: sent } = await read<{ items: { hash: string }[] }>("/transactions?limit=1");
  const disputes = (await read<{ items: Dispute[] }>("/cases")).items;
  const { id, poolId, round, chunk, miner } = work[0]!;
  const [ofStep, ofSum] = [convicted(disputes, "step"), convicted(disputes, "aggregate")];
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
    [`/miner?address=${ofStep.defender}`, "Participant", "fined"],
    ["/disputes", "Disputes"],
    [`/dispute?id=${ofStep.id}`, `Dispute ${ofStep.id}`, "dispute of a step"],
    [`/dispute?id=${ofSum.id}`, `Dispute ${ofSum.id}`, "dispute of a sum"],
    ["/dispute", "Dispute"],
    [`${playground.origin}/playground`, "Playground"],
    [`${playground.origin}/account`, "Account"],
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
    const isOurs = [origin, playground.origin].some((own) => request.url().startsWith(own));
    if (!isOurs) faults.push(`asked ${request.url()}`);
  });
  return { page, faults };
}

async function settle(page: Page): Promise<void> {
  await page.locator("h1").waitFor();
  // By a locator: a condition in words would be evaluated in the page, which its policy forbids.
  await page.locator("[aria-label=Loading]").first().waitFor({ state: "detached" });
}

const desk = { width: 1360, height: 900 };
const phone = { width: 390, height: 844 };

/** Faults that make a page unusable for somebody: of its colours, of all but its colours, or of both. */
async function refuseInaccessible(page: Page, of: "all" | "colours" | "rest"): Promise<void> {
  const axe = new AxeBuilder({ page }).setLegacyMode();
  if (of === "colours") axe.withRules(["color-contrast", "link-in-text-block"]);
  if (of === "rest") axe.disableRules(["color-contrast", "link-in-text-block"]);
  const { violations } = await axe.analyze();
  const serious = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
  const named = serious.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
  expect(named, page.url()).toEqual([]);
}

async function lookAt(page: Page, name: string): Promise<void> {
  const wide = await page.evaluate("document.documentElement.scrollWidth - innerWidth");
  expect(wide, `${page.url()} is wider than the screen`).toBeLessThanOrEqual(0);
  const file = `${name.replaceAll(" ", "-")}.png`.toLowerCase();
  await page.screenshot({ path: join(shots, file), fullPage: true });
}

test("every page is whole, accessible and quiet in light, in the dark and on a phone", {
  timeout: 600_000,
}, async ({ skip }) => {
  if (!found.available) return skip(found.reason);
  const left = [...(await pagesToWalk())];
  // Two visitors share the pages: one core for each.
  const visit = async () => {
    const { page, faults } = await openPage({ viewport: desk, colorScheme: "light" });
    for (let walked = left.shift(); walked !== undefined; walked = left.shift()) {
      await walk(page, walked);
    }
    expect(faults).toEqual([]);
    await page.context().close();
  };
  await Promise.all([visit(), visit()]);
});

/** The router writes a title after the page is there. */
const patience = { timeout: 30_000 };

/** Of a window: the heading of its page, or one that names the record, too. */
function titleOf(heading: string): RegExp {
  return new RegExp(`^${heading}( .*)? · R3MES$`);
}

/** Cells of a table of fines that have no room on a desk. */
const cutCells = `[...document.querySelectorAll("table[aria-label=Fines] tbody td")]
  .filter((cell) => cell.scrollWidth > cell.clientWidth).map((cell) => cell.innerText)`;

async function walk(page: Page, [path, heading, picture = heading]: Walked): Promise<void> {
  await page.goto(new URL(path, origin).href);
  await settle(page);
  expect(await page.locator("h1").innerText(), path).toContain(heading);
  await expect.poll(() => page.title(), { ...patience, message: path }).toMatch(titleOf(heading));
  expect(await page.locator("[data-failure]").allInnerTexts(), path).toEqual([]);
  expect(await page.evaluate(cutCells), path).toEqual([]);
  await refuseInaccessible(page, "all");
  await lookAt(page, `${picture} light`);

  const theme = page.getByRole("button", { name: "Change between light and dark" });
  await theme.click();
  await refuseInaccessible(page, "colours");
  await lookAt(page, `${picture} dark`);
  await theme.click();

  await page.setViewportSize(phone);
  await refuseInaccessible(page, "rest");
  await lookAt(page, `${picture} phone`);
  await page.setViewportSize(desk);
}

test("a window is named after what it shows, though its links load no page", async ({ skip }) => {
  if (!found.available) return skip(found.reason);
  const { page, faults } = await openPage({ viewport: desk });
  const titled = (title: string) =>
    expect.poll(() => page.title(), patience).toBe(`${title} · R3MES`);
  await page.goto(`${origin}/rounds`);
  await titled("Rounds");
  await page.evaluate("window.isLoadedOnce = true");
  await page.locator("table a[href^='/round?']").last().click();
  await titled("Round 1 of pool 1");
  await page.getByRole("link", { name: "Disputes" }).first().click();
  await titled("Disputes");
  await page.locator("table a[href^='/dispute?id=2']").click();
  await titled("Dispute 2");
  await page.goBack();
  await titled("Disputes");
  await page.goBack();
  await titled("Round 1 of pool 1");
  expect(await page.evaluate("window.isLoadedOnce")).toBe(true);
  expect(faults).toEqual([]);
  await page.context().close();
});

const hostile = encodeURIComponent('remes1"><img src=x onerror=alert(1)>');

test("an address that names no record says so, and nothing in it is run", async ({ skip }) => {
  if (!found.available) return skip(found.reason);
  const { page, faults } = await openPage({ viewport: desk });
  page.on("dialog", (dialog) => faults.push(dialog.message()));
  for (const [path, said] of [
    ["/dispute?id=999999", "No such case exists"],
    ["/adapter?id=-1", "The address names no record"],
    ["/block?id=1e99", "There is no block 1e99"],
    [`/miner?address=${hostile}`, "The chain has no account"],
    [`/miner?address=${"a".repeat(3_000)}`, "The address names no record"],
  ] as const) {
    await page.goto(origin + path);
    await page.getByText(said).waitFor();
  }
  expect(faults).toEqual([]);
  await page.context().close();
});

test("without JavaScript a page says why it stays empty, and where its figures are", async ({
  skip,
}) => {
  if (!found.available) return skip(found.reason);
  const { page } = await openPage({ viewport: phone, javaScriptEnabled: false });
  await page.goto(`${origin}/rounds`);
  const said = page.locator("noscript p");
  await said.waitFor({ state: "visible" });
  expect(await said.locator("a").getAttribute("href")).toBe("/openapi.json");
  await page.context().close();
});

test("losses are told in bits for each token, which follow from content that the chain names", async ({
  skip,
}) => {
  if (!found.available) return skip(found.reason);
  const { page } = await openPage({ viewport: desk });
  await page.goto(origin);
  await page
    .getByText(/\d bits\/token/)
    .first()
    .waitFor();
  await page.context().close();
});

test("a number says where it comes from, by keyboard and to screen readers", async ({ skip }) => {
  if (!found.available) return skip(found.reason);
  const { page, faults } = await openPage({ viewport: phone });
  await page.goto(origin);
  const button = page.getByRole("button", { name: "Source of Traffic saved" });
  const source = page.getByText(/^Source: the mean of the newest updates/);
  await button.focus();
  expect(await button.getAttribute("aria-describedby")).toBe(await source.getAttribute("id"));
  expect(await source.isVisible()).toBe(false);
  await page.keyboard.press("Enter");
  await source.waitFor({ state: "visible" });
  await refuseInaccessible(page, "all");
  await lookAt(page, "source of a number phone");
  await page.keyboard.press("Escape");
  await source.waitFor({ state: "hidden" });
  expect(faults).toEqual([]);
  await page.context().close();
});

test("the source of a number stands by it, or in the middle where a browser cannot place it", async ({
  skip,
}) => {
  if (!found.available) return skip(found.reason);
  const { page } = await openPage({ viewport: phone });
  const middleOf = async (of: ReturnType<Page["getByText"]>) => {
    const { x, y, width, height } = (await of.boundingBox())!;
    return { x: x + width / 2, y: y + height / 2 };
  };
  const open = async () => {
    await page.goto(origin);
    const button = page.getByRole("button", { name: "Source of Traffic saved" });
    await button.click();
    const source = page.getByText(/^Source: the mean of the newest updates/);
    return { button: await middleOf(button), source: await middleOf(source) };
  };
  const beside = await open();
  expect(Math.abs(beside.source.y - beside.button.y)).toBeLessThan(120);
  // A browser that has never heard of the property.
  await page.route("**/*.css", async (route) => {
    const sheet = await route.fetch();
    const text = await sheet.text();
    expect(text).toContain("position-area");
    await route.fulfill({ response: sheet, body: text.replaceAll("position-area", "no-area") });
  });
  const alone = await open();
  expect(Math.abs(alone.source.x - phone.width / 2)).toBeLessThan(2);
  expect(Math.abs(alone.source.y - phone.height / 2)).toBeLessThan(2);
  await page.context().close();
});

test("a dispute is told from its root to its tile, with clocks, both byte strings and the money", async ({
  skip,
}) => {
  if (!found.available) return skip(found.reason);
  const { id } = convicted((await read<{ items: Dispute[] }>("/cases")).items, "step");
  const detail = await read<{
    executedHash: string;
    offences: { taken: string }[];
    found: { operations: number };
  }>(`/cases/${id}`);
  const { page, faults } = await openPage({ viewport: desk });
  await page.goto(`${origin}/dispute?id=${id}`);
  await settle(page);
  const text = await page.locator("main").innerText();
  expect(text).toContain(`operation ${detail.found.operations}`);
  expect(text).toMatch(/with \d+ blocks left on its clock/);
  expect(text.replaceAll(/\s/g, "")).toContain(detail.executedHash);
  expect(text).toMatch(/They differ in \d+ of 32 bytes/);
  expect(detail.offences.map(({ taken }) => taken)).toEqual(["1000000000"]);
  expect(text).toContain("1,000 REMES");
  expect(faults).toEqual([]);
  await page.context().close();
});

test("a round tells the dispute about its sum, and that dispute both sums that were attested", async ({
  skip,
}) => {
  if (!found.available) return skip(found.reason);
  const { id } = convicted((await read<{ items: Dispute[] }>("/cases")).items, "aggregate");
  const { page, faults } = await openPage({ viewport: desk });
  await page.goto(`${origin}/round?pool=1&round=1`);
  await settle(page);
  const row = page.getByRole("table", { name: "Disputes" }).getByRole("row", {
    name: /convicted\s+sum of/,
  });
  expect(await row.innerText()).toContain("tensor 0 › tile 0");
  await row.getByRole("link", { name: String(id), exact: true }).click();
  const sums = page.getByRole("region", { name: "Sums that they attested" });
  const compared = sums.locator("figcaption");
  await compared.nth(1).waitFor();
  expect(await compared.allInnerTexts()).toEqual([
    expect.stringMatching(/^They differ in \d+ of 32 bytes/),
    "Equal, byte for byte.",
  ]);
  const text = await page.locator("main").innerText();
  expect(text).toContain("Attested a wrong or undefended sum");
  expect(faults).toEqual([]);
  await page.context().close();
});

test("an account makes a key for one model, shows its text once, and takes it back", async ({
  skip,
}) => {
  if (!found.available) return skip(found.reason);
  const { page, faults } = await openPage({ viewport: desk });
  await page.goto(`${playground.origin}/account`);
  await page.getByLabel("Name", { exact: true }).fill("my <b>site</b>");
  await page.getByLabel("Models that it may ask").fill("local/fresh");
  await page.getByLabel("Cap, credits").fill("500");
  await page.getByRole("button", { name: "Make the key" }).click();
  const made = page.getByRole("status").locator("code");
  const key = await made.innerText();
  expect(key).toMatch(/^r3mes_[\w-]{43}$/);
  const row = page.getByRole("row", { name: /my <b>site<\/b>/ });
  expect(await row.innerText()).toMatch(/open\s+inference\s+local\/fresh\s+0 of 500\s+never/);
  const ask = (model: string) =>
    fetch(`${playground.origin}/v1/models/${encodeURIComponent(model)}`, {
      headers: { authorization: `Bearer ${key}` },
    });
  expect((await ask("local/fresh")).status).toBe(200);
  expect((await ask("genesis")).status).toBe(403);
  await row.getByRole("button", { name: "Take back" }).click();
  await row.getByRole("button", { name: "Really take back" }).click();
  await row.getByText("taken back").waitFor();
  expect((await ask("local/fresh")).status).toBe(401);
  await lookAt(page, "account with a key");
  expect(faults).toEqual([]);
  await page.context().close();
});

test("the playground asks two versions at once, and hands over receipts and programs", {
  timeout: 300_000,
}, async ({ skip }) => {
  if (!found.available) return skip(found.reason);
  const { page, faults } = await openPage({ viewport: desk });
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.goto(`${playground.origin}/playground`);
  // Whoever has nothing to ask yet may ask what is there.
  await page.getByRole("button", { name: "Ask", disabled: false }).waitFor();
  await page.getByLabel("Model").selectOption("local/fresh");
  await page.getByLabel("Two side by side").check();
  await page.getByLabel("Beside it").selectOption("local/moved");
  await page.getByLabel("Prompt").fill("In the beginning");
  const most = page.getByLabel("Tokens at most");
  await most.fill("");
  expect(await most.inputValue()).toBe("");
  await most.pressSequentially("6");
  await page.getByRole("button", { name: "Ask" }).click();
  await page.getByText("done", { exact: true }).nth(1).waitFor({ timeout: 120_000 });
  const answers = await page.locator("[aria-live=polite].whitespace-pre-wrap").allInnerTexts();
  expect(answers).toHaveLength(2);
  for (const answer of answers) expect(answer.length).toBeGreaterThan(5);
  expect(answers[0]).not.toBe(answers[1]);
  expect(await page.getByText(/^\d+ tokens asked, 6 answered$/).count()).toBe(2);
  const receipts = await page.locator("details pre").allTextContents();
  const roots = receipts.map((text) => /"adapter": "([0-9a-f]{64})"/.exec(text)?.[1]);
  expect(roots).toEqual([expect.any(String), expect.any(String)]);
  expect(roots[0]).not.toBe(roots[1]);
  for (const receipt of receipts) expect(receipt).toMatch(/"signature"/);

  for (const [language, beginning] of [
    ["curl", "curl -N "],
    ["TypeScript", 'import OpenAI from "openai";'],
    ["Python", "import os"],
  ] as const) {
    await page.getByRole("tab", { name: language }).click();
    await page.getByRole("button", { name: `Copy as ${language}` }).click();
    const copied: string = await page.evaluate("navigator.clipboard.readText()");
    expect(copied.startsWith(beginning), copied).toBe(true);
    expect(copied).toContain("local/fresh");
  }
  await lookAt(page, "playground answered");
  expect(faults).toEqual([]);
  await page.context().close();
});

test("a session that a wallet opened is still known when the page is loaded again, and can be ended", async ({
  skip,
}) => {
  if (!found.available) return skip(found.reason);
  const { page, faults } = await openPage({ viewport: desk });
  // The API of the playground follows no chain, so no wallet can sign in: this is what one that has leaves behind.
  await page.addInitScript("globalThis.keplr = {}");
  await page.goto(`${playground.origin}/playground`);
  const wanted = JSON.stringify({
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ label: "signed in", scopes: ["inference", "keys"] }),
  });
  const { key } = await page.evaluate<{ readonly key: string }>(
    `fetch("/v1/keys", ${wanted}).then((made) => made.json())`,
  );
  const account = () =>
    fetch(`${playground.origin}/v1/account`, { headers: { authorization: `Bearer ${key}` } });
  const { address } = (await (await account()).json()) as { readonly address: string };
  const session = JSON.stringify(JSON.stringify({ address, key }));
  await page.evaluate(`sessionStorage.setItem("r3mes-session", ${session})`);
  await page.evaluate(`sessionStorage.setItem("r3mes-key", "${key}")`);
  await page.reload();
  await page.getByText(/credits left$/).waitFor();
  await page.getByRole("button", { name: "Sign out", disabled: false }).click();
  await page.getByRole("button", { name: "Sign in with your wallet" }).waitFor();
  expect((await account()).status).toBe(401);
  expect(await page.getByLabel(/^API key/).inputValue()).toBe("");
  expect(faults).toEqual([]);
  await page.context().close();
});

test("a page follows the chain without being loaded again, also behind an API that was gone, and the search leads on", {
  timeout: 600_000,
}, async ({ skip }) => {
  if (!found.available) return skip(found.reason);
  const { page, faults } = await openPage({ viewport: desk });
  await page.goto(origin);
  const height = (value: number) => page.getByText(`#${value.toLocaleString("en")}`).first();
  await height(shown).waitFor();
  await indexTo(shown + 4, dashboard.node, dashboard.database);
  await height(shown + 4).waitFor();

  const startAgain = await dashboard.crashApi();
  await page.getByText("The stream of events broke off").waitFor();
  await indexTo(shown + 5, dashboard.node, dashboard.database);
  await startAgain();
  await height(shown + 5).waitFor();
  await page.getByText("The stream of events broke off").waitFor({ state: "detached" });
  expect(await page.locator("[data-failure]").allInnerTexts()).toEqual([]);

  await page.keyboard.press("/");
  await page.getByRole("combobox").fill("2");
  await page.getByRole("option").first().waitFor();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await page.waitForURL(/[?](id|pool|hash|submission|address)=/);
  await settle(page);

  // Entered faster than the search is asked: what stands in the field is meant, not what was found of less.
  await page.keyboard.press("/");
  await page.getByRole("combobox").fill(String(shown).slice(0, 1));
  await page.getByRole("option").first().waitFor();
  await page.getByRole("combobox").fill(String(shown));
  await page.keyboard.press("Enter");
  await page.waitForURL(new RegExp(`[?](id|height)=${shown}$`));
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
  const api = `${origin}/explorer/v1${path}`;
  const replay = async (shownRoot: string, verdict: string) => {
    const { page, faults } = await openPage({ viewport: desk });
    // The recorded chain's content is gone, so this audit is of a chunk that was trained just now.
    const audit = { ...recorded.audits.at(-1), step, rootBefore, rootAfter: shownRoot };
    await page.route(api, (route) => route.fulfill({ json: { ...recorded, audits: [audit] } }));
    await page.route(`${api}/inputs`, (route) => route.fulfill({ json: inputs }));
    await page.goto(`${origin}/chunk?submission=${items[0]!.id}`);
    await page.getByRole("button", { name: "Replay this step here" }).click();
    await page.locator("[data-replay=done],[data-replay=failed]").waitFor({ timeout: 400_000 });
    expect(await page.locator("figcaption").innerText()).toBe(verdict);
    expect(faults).toEqual([]);
    await page.context().close();
  };
  await Promise.all([
    replay(rootAfter, "Equal, byte for byte."),
    replay(wrong, "They differ in 1 of 32 bytes, first in byte 0."),
  ]);
});

test("no page is sent more than 250 kB of script", async () => {
  const names = ["index", "rounds", "round", "chunk", "adapters", "adapter", "miners", "miner"];
  names.push(
    "disputes",
    "dispute",
    "playground",
    "account",
    "blocks",
    "block",
    "transactions",
    "transaction",
  );
  for (const name of names) {
    const html = readFileSync(join(builtPages, `${name}.html`), "utf8");
    const tags = [...html.matchAll(/<script\s[^>]*src="([^"]+\.js)"[^>]*>/g)];
    const files = tags.filter(([tag]) => !/nomodule/i.test(tag)).map(([, src]) => src!);
    const bytes = [...new Set(files)].reduce(
      (sum, file) => sum + statSync(join(builtPages, `${file}.gz`)).size,
      0,
    );
    expect(files.length, name).toBeGreaterThan(3);
    expect(bytes, name).toBeLessThanOrEqual(250_000);
  }
});
