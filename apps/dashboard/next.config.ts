/** How Next builds the pages: plain files, no server of its own, the packages' TypeScript compiled along. */
import { join } from "node:path";
import type { NextConfig } from "next";

const repository = join(import.meta.dirname, "../..");

const config: NextConfig = {
  output: "export",
  // Types are checked once for the whole house by `npm run check:types`.
  typescript: { ignoreBuildErrors: true, tsconfigPath: "tsconfig.next.json" },
  transpilePackages: ["@r3mes/engine", "@r3mes/models", "@r3mes/protocol"],
  turbopack: { root: repository },
  images: { unoptimized: true },
  poweredByHeader: false,
  reactStrictMode: true,
  productionBrowserSourceMaps: false,
};

export default config;
