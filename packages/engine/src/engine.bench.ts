/** Products of the CPU backends, epilogue included, beside each other and beside OpenBLAS in f32. */
import type { Bench, Contest, Contestant } from "@r3mes/tools/bench";
import { hasNativeKernels } from "./node/index.ts";
import { REVECTORIZE_FLAGS } from "./node/wasmHost.ts";
import type { BackendChoice } from "./testing/openBackend.ts";
import { OPENBLAS_HINT, type OpenBlas, openBlas } from "./testing/openBlas.ts";
import type { ProductShape } from "./testing/productProgram.ts";
import type { ProductAnswer, ProductRequest } from "./testing/productServer.ts";
import { type Ask, startServer } from "./testing/startServer.ts";

const ROUNDS = 7;
/** Multiply-adds of one measurement, a twentieth of a second or so. */
const WORK = 2e9;

const SHAPES: readonly ProductShape[] = [
  { kind: "ternary", rows: 512, inputs: 2560, outputs: 2560 },
  { kind: "ternary", rows: 512, inputs: 6912, outputs: 2560 },
  { kind: "ternary", rows: 256, inputs: 512, outputs: 512 },
  { kind: "ternary", rows: 1, inputs: 2560, outputs: 2560 },
  { kind: "int8", rows: 512, inputs: 2560, outputs: 2560 },
];

type AskProduct = Ask<ProductRequest, ProductAnswer>;
type Clock = keyof ProductAnswer;
interface Variant {
  readonly build: BackendChoice;
  readonly threads: number;
  readonly clock: Clock;
}

const productsOf = ({ rows, inputs, outputs }: ProductShape) => rows * inputs * outputs;
const runsOf = (shape: ProductShape) => Math.max(1, Math.round(WORK / productsOf(shape)));
const titleOf = ({ kind, rows, inputs, outputs }: ProductShape) =>
  `${kind} ${rows} x ${inputs} x ${outputs}`;

/** Billions of multiply-adds in a second of processor time, or of time. */
function product(
  ask: AskProduct,
  label: string,
  shape: ProductShape,
  variant: Variant,
): Contestant {
  return {
    label,
    sample: async () => {
      const runs = runsOf(shape);
      const { build, threads } = variant;
      const answer = await ask({ shape, build, threads, runs });
      return (productsOf(shape) * runs) / answer[variant.clock] / 1e9;
    },
  };
}

function sgemm(blas: OpenBlas, label: string, shape: ProductShape, clock: Clock): Contestant {
  return {
    label,
    sample: async () => {
      const runs = runsOf(shape);
      const answer = await blas.multiply(shape.rows, shape.inputs, shape.outputs, runs);
      return (productsOf(shape) * runs) / answer[clock] / 1e9;
    },
  };
}

export const bench: Bench = {
  about:
    "Ternary and int8 products: WASM builds, V8 flags, native kernels, threads, OpenBLAS in f32.",
  contests: () => {
    const script = new URL("./testing/productServer.ts", import.meta.url);
    const plain: AskProduct = startServer(script);
    const revectorized: AskProduct = startServer(script, ...REVECTORIZE_FLAGS);
    const install = process.env.R3MES_BENCH_INSTALL === "1";
    const blas = [openBlas(1, install), openBlas(2, install)];
    if (blas[0] === undefined) process.stderr.write(`${OPENBLAS_HINT}\n`);
    const hasNative = hasNativeKernels();
    if (!hasNative) process.stderr.write("No native kernels are built: they are left out.\n");
    return SHAPES.flatMap((shape): Contest[] => {
      const one = { threads: 1, clock: "cpuSeconds" } as const;
      const two = { build: "relaxed", threads: 2, clock: "seconds" } as const;
      const alone = product(plain, "relaxed", shape, { ...one, build: "relaxed" });
      const rivals = [
        product(plain, "base", shape, { ...one, build: "base" }),
        product(revectorized, "base, revectorized", shape, { ...one, build: "base" }),
        product(revectorized, "relaxed, revectorized", shape, { ...one, build: "relaxed" }),
        ...(hasNative ? [product(plain, "native", shape, { ...one, build: "native" })] : []),
        ...(blas[0] ? [sgemm(blas[0], "OpenBLAS sgemm", shape, "cpuSeconds")] : []),
      ];
      const pair = [
        product(plain, "1 thread", shape, { ...two, threads: 1 }),
        ...(hasNative
          ? [product(plain, "native, 2 threads", shape, { ...two, build: "native" })]
          : []),
        ...(blas[1] ? [sgemm(blas[1], "OpenBLAS sgemm, 2 threads", shape, "seconds")] : []),
      ];
      const unit = "GMAC/s";
      return [
        { name: `${titleOf(shape)}, 1 thread`, unit, ours: alone, rivals, rounds: ROUNDS },
        {
          name: `${titleOf(shape)}, 2 threads`,
          unit,
          ours: product(plain, "2 threads", shape, two),
          rivals: pair,
          rounds: ROUNDS,
        },
      ];
    });
  },
};
