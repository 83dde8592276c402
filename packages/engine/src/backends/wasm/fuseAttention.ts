/**
 * Finds the attention of a program, forward and backward, as trees that one step each can run. It
 * follows the tensors from an operation that only attention has; it knows no names and no layers.
 */
import type { Program } from "../../program/program.ts";
import { type Step, singleSteps } from "./steps.ts";

interface Graph {
  readonly program: Program;
  /** The operation that writes a tensor, as a step of its own. */
  readonly writers: ReadonlyMap<number, Step>;
  readonly byKind: (kind: string) => Step[];
}

export function attentionTrees(program: Program): Step[] {
  const steps = singleSteps(program);
  const writers = new Map<number, Step>();
  for (const step of steps) for (const id of step.outputs) writers.set(id, step);
  const byKind = (kind: string) => steps.filter((step) => step.kind === kind);
  const graph: Graph = { program, writers, byKind };
  return [
    ...byKind("attention.context").map((context) => forwardTree(graph, context)),
    ...byKind("attention.queryGradient").map((gradient) => backwardTree(graph, gradient)),
  ].filter((tree) => tree !== undefined);
}

/** The statistic of `kind` behind a tensor, with the reductions that combine it. */
function statistic(graph: Graph, id: number | undefined, kind: string): Step[] | undefined {
  const found: Step[] = [];
  let next = id;
  for (;;) {
    const writer = next === undefined ? undefined : graph.writers.get(next);
    if (writer === undefined) return undefined;
    found.push(writer);
    if (writer.kind === kind) return found;
    const { kind: own, params } = writer;
    const isRowReduction = own.startsWith("reduce.") && params.chunkRows === 1;
    if (!isRowReduction && !own.startsWith("group.")) return undefined;
    next = writer.inputs.get("x");
  }
}

function treeOf(
  found: readonly (Step[] | undefined)[],
  step: Omit<Step, "operations">,
): Step | undefined {
  if (found.some((part) => part === undefined)) return undefined;
  const operations = new Set(found.flatMap((part) => part!.flatMap((own) => own.operations)));
  return { operations: [...operations].sort((a, b) => a - b), ...step };
}

const get = ({ inputs }: Step, name: string): number | undefined => inputs.get(name);

/** A map of inputs, without those that are absent. */
function inputsOf(entries: Readonly<Record<string, number | undefined>>): Map<string, number> {
  const present = Object.entries(entries).filter(([, id]) => id !== undefined);
  return new Map(present as [string, number][]);
}

function forwardTree(graph: Graph, context: Step): Step | undefined {
  const weights = graph.writers.get(get(context, "w") ?? -1);
  if (weights?.kind !== "attention.weights") return undefined;
  const max = get(weights, "max");
  const sum = get(context, "sum");
  const parts = [
    [context, weights],
    statistic(graph, max, "attention.max"),
    statistic(graph, sum, "attention.sum"),
  ];
  const names = ["q8", "qe", "k8", "ke", "ve", "x"] as const;
  const inputs = inputsOf({
    ...Object.fromEntries(names.map((name) => [name, get(weights, name)])),
    v: get(context, "v"),
  });
  return treeOf(parts, {
    kind: "fused.attentionForward",
    name: context.name,
    params: weights.params,
    inputs,
    outputs: [context.outputs[0]!, max!, sum!],
    temporaries: [],
  });
}

const ROW_NAMES = ["q8", "qe", "k8", "ke", "v8", "ve", "do8", "doe", "max", "sum"] as const;

function backwardTree(graph: Graph, queryGradient: Step): Step | undefined {
  const { program, writers } = graph;
  const queryWeights = writers.get(get(queryGradient, "d8") ?? -1);
  if (queryWeights?.kind !== "attention.queryWeights") return undefined;
  const of = (name: string) => get(queryWeights, name);
  const isSister = (found: Step) =>
    get(found, "q8") === of("q8") && get(found, "doe") === of("doe");
  const keyWeights = graph.byKind("attention.keyWeights").find(isSister);
  const valueWeights = graph.byKind("attention.valueWeights").find(isSister);
  if (keyWeights === undefined || valueWeights === undefined) return undefined;
  const dk = gradientBehind(graph, keyWeights);
  const dv = gradientBehind(graph, valueWeights);
  if (dk === undefined || dv === undefined) return undefined;
  const parts = [
    [queryGradient, queryWeights, keyWeights, valueWeights],
    dk,
    dv,
    statistic(graph, of("dpm"), "attention.gradientMagnitude"),
    statistic(graph, of("delta"), "attention.delta"),
    statistic(graph, of("dm"), "attention.queryMagnitude"),
    statistic(graph, get(keyWeights, "km"), "attention.keyMagnitude"),
    statistic(graph, get(valueWeights, "km"), "attention.valueMagnitude"),
  ];
  const rows = program.tensors[of("q8")!]!.rows;
  const stride = Math.ceil(queryWeights.params.keys! / 32) * 32;
  return treeOf(parts, {
    kind: "fused.attentionBackward",
    name: queryGradient.name,
    params: queryWeights.params,
    inputs: inputsOf(Object.fromEntries(ROW_NAMES.map((name) => [name, of(name)]))),
    outputs: [
      queryGradient.outputs[0]!,
      of("dm")!,
      dk.at(-1)!.outputs[0]!,
      get(keyWeights, "km")!,
      dv.at(-1)!.outputs[0]!,
      get(valueWeights, "km")!,
    ],
    temporaries: [rows * stride * 2, rows * stride * 4, rows * 4],
  });
}

/** The product with a column-wise weight matrix, and the sum over its group where there is one. */
function gradientBehind(graph: Graph, weights: Step): Step[] | undefined {
  const out = weights.outputs[0]!;
  const product = graph.byKind("attention.keyGradient").find((found) => get(found, "w8") === out);
  if (product === undefined) return undefined;
  if (weights.params.group === 1) return [product];
  const own = product.outputs[0]!;
  const sum = graph.byKind("group.sum").find((found) => get(found, "x") === own);
  return sum === undefined ? undefined : [product, sum];
}
