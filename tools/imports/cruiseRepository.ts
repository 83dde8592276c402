/** Reads every import of the repository once, for the rules and for the picture in ARCHITECTURE.md. */
import { cruise, type ICruiseResult } from "dependency-cruiser";
import { importRules } from "./rules.ts";

const rooms = ["packages", "apps", "simulation", "tools"];

export async function cruiseRepository(
  root: string,
  present: (room: string) => boolean,
): Promise<ICruiseResult> {
  const { output } = await cruise(rooms.filter(present), {
    baseDir: root,
    ruleSet: { forbidden: [...importRules] },
    validate: true,
    parser: "swc",
    tsPreCompilationDeps: true,
    doNotFollow: { path: "node_modules" },
    exclude: {
      path: "(^|/)(dist|node_modules|\\.next)/|^(build|apps/dashboard/out)/|/kernels/wasm/",
    },
    combinedDependencies: true,
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "types", "node", "default"],
      extensions: [".ts", ".js", ".json"],
    },
  });
  if (typeof output === "string") {
    throw new Error(`dependency-cruiser answered with text: ${output.slice(0, 200)}`);
  }
  return output;
}
