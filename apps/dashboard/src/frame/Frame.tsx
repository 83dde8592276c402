"use client";
/** What stands around every page: where one is, where one can go, the search, and whether the figures are fresh. */
import { QueryClientProvider } from "@tanstack/react-query";
import Link from "next/link";
import { type ReactNode, useState } from "react";
import { createQueryClient } from "../api/createQueryClient.ts";
import { LiveProvider } from "../live/LiveProvider.tsx";
import { LiveState } from "../live/LiveState.tsx";
import { StaleBanner } from "../live/StaleBanner.tsx";
import { MenuButton } from "./MenuButton.tsx";
import { NavigationList } from "./NavigationList.tsx";
import { SearchButton } from "./SearchButton.tsx";
import { ThemeButton } from "./ThemeButton.tsx";

export function Frame({ children }: { readonly children: ReactNode }) {
  const [client] = useState(createQueryClient);
  return (
    <QueryClientProvider client={client}>
      <LiveProvider>
        <a
          href="#content"
          className="sr-only focus:not-sr-only focus:fixed focus:top-2 focus:left-2 focus:z-50 focus:rounded focus:bg-surface focus:px-3 focus:py-2"
        >
          Skip to the content
        </a>
        <header className="sticky top-0 z-30 border-b border-line bg-surface">
          <div className="flex h-13 items-center gap-3 px-4">
            <MenuButton />
            <Link href="/" prefetch={false} className="flex items-center gap-2 lg:w-44">
              {/* biome-ignore lint/performance/noImgElement: a static file that needs no server */}
              <img src="/icon.svg" alt="" width={22} height={22} />
              <span className="font-semibold tracking-tight">R3MES</span>
            </Link>
            <SearchButton />
            <div className="ml-auto flex items-center gap-1">
              <LiveState />
              <ThemeButton />
            </div>
          </div>
        </header>
        <StaleBanner />
        <noscript>
          <p className="border-b border-line bg-surface px-4 py-3">
            These pages load their data from the API with JavaScript, which is off in this browser.
            The API answers without it:{" "}
            <a href="/openapi.json" className="underline">
              its routes
            </a>
            .
          </p>
        </noscript>
        <div className="flex">
          <nav
            aria-label="Pages"
            className="sticky top-13 hidden h-[calc(100dvh-3.25rem)] w-52 shrink-0 border-r border-line px-3 py-4 lg:block"
          >
            <NavigationList />
            <a
              href="/docs"
              className="mt-4 block border-t border-line px-2.5 pt-4 text-ink-soft hover:text-ink"
            >
              API reference
            </a>
          </nav>
          <main id="content" tabIndex={-1} className="min-w-0 flex-1 outline-none">
            {children}
          </main>
        </div>
      </LiveProvider>
    </QueryClientProvider>
  );
}
