/** The document around every page: fonts that are files of ours, the theme before the first paint, the frame. */
import { GeistMono } from "geist/font/mono";
import { GeistSans } from "geist/font/sans";
import type { Metadata, Viewport } from "next";
import type { ReactNode } from "react";
import { AskedEarly } from "../api/AskedEarly.tsx";
import { Frame } from "../frame/Frame.tsx";
import "./globals.css";

export const metadata: Metadata = {
  title: { default: "R3MES", template: "%s · R3MES" },
  description: "A network that trains AI and can prove it.",
  icons: { icon: "/icon.svg" },
};

export const viewport: Viewport = { width: "device-width", initialScale: 1 };

export default function RootLayout({ children }: { readonly children: ReactNode }) {
  return (
    <html
      lang="en"
      className={`${GeistSans.variable} ${GeistMono.variable}`}
      suppressHydrationWarning
    >
      <head>
        {/* It blocks on purpose: it has to run before the first paint. */}
        <script src="/theme.js" />
        <AskedEarly path="/status" />
      </head>
      <body>
        <Frame>{children}</Frame>
      </body>
    </html>
  );
}
