/** The picture of the house in ARCHITECTURE.md, drawn from the imports that exist, never from intention. */
import type { IModule } from "dependency-cruiser";

const layers = [
  { title: "apps: processes", pattern: /^apps\// },
  { title: "core: pure, no I/O", pattern: /^packages\/(training|inference|models|engine)$/ },
  { title: "what several apps are wired with", pattern: /^packages\/(participant|history)$/ },
  { title: "ports: I/O, no rules", pattern: /^packages\/(chain-client|storage|database|service)$/ },
  { title: "the floor", pattern: /^packages\/protocol$/ },
] as const;

/** `packages/engine/src/ops/x.ts` lies in the room `packages/engine`. */
function roomOf(source: string): string | null {
  const match = /^(?:packages|apps)\/[^/]+/.exec(source);
  return match === null ? null : match[0];
}

function isProduct(source: string): boolean {
  return !/\.(test|bench|case)\.ts$|\/testing\//.test(source);
}

/** A Mermaid flowchart of rooms and the imports between them, in alphabetical order so that it only changes when they do. */
export function drawPackages(modules: readonly IModule[]): string {
  const rooms = new Set<string>();
  const arrows = new Set<string>();
  for (const module of modules) {
    const from = roomOf(module.source);
    if (from === null || !isProduct(module.source)) continue;
    rooms.add(from);
    for (const dependency of module.dependencies) {
      const to = roomOf(dependency.resolved);
      if (to !== null && to !== from) arrows.add(`${from} ${to}`);
    }
  }
  const name = (room: string) => room.replace(/^(packages|apps)\//, "");
  const lines = ["flowchart TD"];
  for (const { title, pattern } of layers) {
    const members = [...rooms].filter((room) => pattern.test(room)).sort();
    if (members.length === 0) continue;
    lines.push(`  subgraph ${name(members[0] ?? "").replaceAll("-", "_")}_layer["${title}"]`);
    for (const room of members) lines.push(`    ${name(room)}`);
    lines.push("  end");
  }
  for (const arrow of [...arrows].sort()) {
    const [from = "", to = ""] = arrow.split(" ");
    lines.push(`  ${name(from)} --> ${name(to)}`);
  }
  return lines.join("\n");
}
