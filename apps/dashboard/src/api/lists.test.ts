import { focusManager, InfiniteQueryObserver } from "@tanstack/react-query";
import { expect, onTestFinished, test, vi } from "vitest";
import { createQueryClient } from "./createQueryClient.ts";
import { listQuery, renewFarList } from "./useList.ts";

/** A visitor who has scrolled through so many pages of two lists, and what was asked for since. */
async function scrolled(pages: { readonly blocks: number; readonly rounds: number }) {
  const asked: string[] = [];
  vi.stubGlobal("fetch", async (url: string) => {
    const { pathname, searchParams } = new URL(url, "http://localhost");
    const place = Number(searchParams.get("cursor") ?? 0);
    asked.push(`${pathname.split("/").at(-1)} ${place}`);
    return Response.json({ items: [{ height: place }], next: String(place + 1) });
  });
  const client = createQueryClient();
  client.mount();
  onTestFinished(() => {
    client.clear();
    client.unmount();
    vi.unstubAllGlobals();
  });
  for (const [name, count] of Object.entries(pages)) {
    const list = new InfiniteQueryObserver(client, listQuery(`/${name}`, []));
    onTestFinished(list.subscribe(() => {}));
    await expect.poll(() => list.getCurrentResult().isSuccess).toBe(true);
    for (let page = 1; page < count; page += 1) await list.fetchNextPage();
  }
  asked.length = 0;
  return { client, asked };
}

test("who comes back to a window is shown the head of a list anew, and not made to ask for a whole history", async () => {
  const { client, asked } = await scrolled({ blocks: 40, rounds: 2 });
  const clock = vi.spyOn(Date, "now").mockReturnValue(Date.now() + 10_000);
  onTestFinished(() => clock.mockRestore());
  focusManager.setFocused(false);
  focusManager.setFocused(true);
  await expect.poll(() => asked.length > 0 && client.isFetching() === 0).toBe(true);
  expect(asked).toEqual(["rounds 0", "rounds 1"]);
});

test("a list that is looked at from its head again is as short as at first, and new", async () => {
  const { client, asked } = await scrolled({ blocks: 40, rounds: 2 });
  for (const path of ["/blocks", "/rounds"]) renewFarList(client, path);
  await expect.poll(() => asked.length > 0 && client.isFetching() === 0).toBe(true);
  // The one that nobody has scrolled far into is renewed by events.
  expect(asked).toEqual(["blocks 0"]);
});
