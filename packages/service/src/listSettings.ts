/** Reads a configuration schema as a flat list of settings, each with its dotted key. */
import { z } from "zod";

export type Setting = {
  /** Dotted path, as in `localnet.ports`; the same spelling in files, flags and code. */
  readonly key: string;
  /** Name of the environment variable, as in `R3MES_LOCALNET_PORTS`. */
  readonly env: string;
  readonly secret: boolean;
  /** The sentence that the schema gives with `.describe`. */
  readonly description: string;
  /** What text from the environment or a flag is turned into. */
  readonly kind: "text" | "number" | "boolean" | "list";
};

export function listSettings(schema: z.ZodObject): readonly Setting[] {
  return collect(schema, []);
}

function collect(schema: z.ZodObject, path: readonly string[]): readonly Setting[] {
  return Object.entries(schema.shape).flatMap(([name, field]) => {
    const layers = unwrap(field as z.ZodType);
    const innermost = layers.at(-1)!;
    const inner = [...path, name];
    if (innermost instanceof z.ZodObject) return collect(innermost, inner);
    return [describe(inner, layers, innermost)];
  });
}

function describe(path: readonly string[], layers: readonly z.ZodType[], leaf: z.ZodType): Setting {
  return {
    key: path.join("."),
    env: `R3MES_${path.map(screaming).join("_")}`,
    secret: layers.some((layer) => layer.meta()?.secret === true),
    description: layers.find((layer) => layer.description !== undefined)?.description ?? "",
    kind: kindOf(leaf),
  };
}

// Outermost first: optional, default and pipe wrap the type that decides how text is read.
function unwrap(schema: z.ZodType): readonly z.ZodType[] {
  if (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodReadonly
  ) {
    return [schema, ...unwrap(schema.def.innerType as z.ZodType)];
  }
  if (schema instanceof z.ZodPipe) return [schema, ...unwrap(schema.def.in as z.ZodType)];
  return [schema];
}

function kindOf(leaf: z.ZodType): Setting["kind"] {
  if (leaf instanceof z.ZodNumber) return "number";
  if (leaf instanceof z.ZodBoolean) return "boolean";
  if (leaf instanceof z.ZodArray) return "list";
  return "text";
}

function screaming(name: string): string {
  return name.replace(/([a-z0-9])([A-Z])/g, "$1_$2").toUpperCase();
}
