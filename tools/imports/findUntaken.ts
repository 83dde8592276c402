/**
 * What a package exports and nobody takes. A door is a promise: whatever stands in one has to keep its name and its meaning, and a
 * reader has to learn it, so an export stays only while another package, an app, a tool or the simulation imports it. What only
 * tests import belongs behind the door `testing`.
 */
import { posix } from "node:path";

/** An export that breaks the rule, and what to do about it. */
export interface UntakenExport {
  readonly door: string;
  readonly file: string;
  readonly name: string;
  readonly remedy: string;
}

/**
 * Types that nobody imports and that stay, by door: the compiler writes them into the declarations of a taker (TS2883), who may
 * reach them only through the door.
 */
const namedByDeclarations: Readonly<Record<string, readonly string[]>> = {
  "@r3mes/chain-client": ["PrepareOptions"],
  "@r3mes/protocol": ["AddressText"],
  "@r3mes/service": ["Secret"],
  "@r3mes/service/testing": ["ManualClock"],
};

interface Exported {
  readonly name: string;
  readonly isType: boolean;
}

interface Taking {
  readonly door: string;
  readonly name: string;
  readonly path: string;
}

/** The repository as `readTree` gives it: path and text of each file. */
export function findUntaken(
  tree: ReadonlyMap<string, string>,
  kept: Readonly<Record<string, readonly string[]>> = namedByDeclarations,
): UntakenExport[] {
  const taken = [...tree].flatMap(([path, text]) => takingsOf(path, text));
  return doorsOf(tree).flatMap(({ door, file, folder }) => {
    const takings = taken.filter(
      (taking) => taking.door === door && !taking.path.startsWith(folder),
    );
    const finding = (name: string, remedy: string) => ({ door, file, name, remedy });
    const keptHere = kept[door] ?? [];
    const exported = exportsOf(tree.get(file) ?? "");
    return [
      ...exported.flatMap((thing) => {
        const takers = takings.filter(({ name }) => name === thing.name).map(({ path }) => path);
        const remedy = remedyOf(door, thing, takers, keptHere.includes(thing.name));
        return remedy === null ? [] : [finding(thing.name, remedy)];
      }),
      ...keptHere
        .filter((name) => exported.every((thing) => thing.name !== name))
        .map((name) => finding(name, "no such export: take it off namedByDeclarations")),
    ];
  });
}

function remedyOf(
  door: string,
  { isType }: Exported,
  takers: readonly string[],
  kept: boolean,
): string | null {
  if (takers.length === 0) {
    return kept
      ? null
      : "nobody imports it: take it out of the door (if the compiler then says TS2883, name it in namedByDeclarations)";
  }
  if (kept) return "it is imported: take it off namedByDeclarations";
  // A type says what a function of the door takes or gives, whoever writes its name.
  if (!isType && !door.endsWith("/testing") && takers.every(isTest)) {
    return `only tests import it: move it to ${door.split("/").slice(0, 2).join("/")}/testing`;
  }
  return null;
}

function isTest(path: string): boolean {
  return /\.(test|bench|case|fuzz)\.tsx?$|\/testing\//.test(path);
}

/** Every entry of every package's `exports`. */
function doorsOf(tree: ReadonlyMap<string, string>) {
  return [...tree].flatMap(([path, text]) => {
    if (!/^packages\/[^/]+\/package\.json$/.test(path)) return [];
    const folder = `${posix.dirname(path)}/`;
    const { name, exports } = JSON.parse(text) as {
      name: string;
      exports: Readonly<Record<string, string>>;
    };
    return Object.entries(exports).map(([entry, target]) => ({
      door: posix.join(name, entry),
      file: posix.join(folder, target),
      folder,
    }));
  });
}

/**
 * The names that a door gives out by itself. `export * from` is for generated modules, whose names are the messages' own, and is not
 * looked into.
 */
function exportsOf(text: string): Exported[] {
  const lists = text.matchAll(/^export (type )?\{([^{}]*)\}/gm);
  const spaces = text.matchAll(/^export \* as (\w+) from/gm);
  return [
    ...[...lists].flatMap(([, types, list = ""]) =>
      namesIn(list).map(({ given, isType }) => ({
        name: given,
        isType: isType || types !== undefined,
      })),
    ),
    ...[...spaces].map(([, name = ""]) => ({ name, isType: false })),
  ];
}

/** What a file takes from doors by `import`, by `export … from`, or by an awaited import that is taken apart. */
function takingsOf(path: string, text: string): Taking[] {
  if (!/\.(ts|tsx|js|mjs)$/.test(path) || !text.includes('"@r3mes/')) return [];
  const lists = text.matchAll(/\{([^{}]*)\}\s*(?:from|= await import\()\s*"(@r3mes\/[^"]+)"/g);
  return [...lists].flatMap(([, list = "", door = ""]) =>
    namesIn(list).map(({ name }) => ({ door, name, path })),
  );
}

/** `a, type B, c as d`: each name and the one that it is given. */
function namesIn(list: string) {
  return list
    .split(",")
    .map((item) => item.trim())
    .filter((item) => item !== "")
    .map((item) => {
      const [name = "", given = name] = item.replace(/^type /, "").split(/\s+as\s+|\s*:\s*/);
      return { name, given, isType: item.startsWith("type ") };
    });
}
