/**
 * The only description of how kernel modules are built: sources, features, memory, byte ceiling.
 * A module not named here is not built, and a flag not written here is not used.
 */

export type KernelTarget = {
  readonly name: string;
  /** AssemblyScript entry file, from the repository's root. */
  readonly entry: string;
  /** The committed module, from the repository's root. */
  readonly output: string;
  readonly features: readonly ("simd" | "relaxed-simd" | "threads")[];
  /** "shared": imported from the host as `env.memory`; "own": pages the module brings itself. */
  readonly memory: { readonly kind: "shared" } | { readonly kind: "own"; readonly pages: number };
  /** 0 to 3, 3 unless stated; a build that is only tested needs none. */
  readonly optimizeLevel?: 0 | 3;
  /** A ceiling, so that a careless change of a hot loop or of the compiler shows. */
  readonly bytesMax: number;
};

const engine = "packages/engine/src/kernels/wasm";
const referee = "packages/engine/src/kernels/referee";
const testReferee = "chain/x/remes/referee/testdata";

export const targets: readonly KernelTarget[] = [
  {
    name: "base",
    entry: `${engine}/index.ts`,
    output: `${engine}/base.wasm`,
    features: ["simd", "threads"],
    memory: { kind: "shared" },
    bytesMax: 48 << 10,
  },
  {
    name: "relaxed",
    entry: `${engine}/index.ts`,
    output: `${engine}/relaxed.wasm`,
    features: ["simd", "threads", "relaxed-simd"],
    memory: { kind: "shared" },
    bytesMax: 48 << 10,
  },
  {
    name: "referee",
    entry: `${referee}/index.ts`,
    output: `${referee}/referee.wasm`,
    features: ["simd"],
    memory: { kind: "own", pages: 5 },
    bytesMax: 32 << 10,
  },
  {
    name: "referee without SIMD",
    entry: `${referee}/index.ts`,
    output: `${referee}/referee-scalar.wasm`,
    features: [],
    memory: { kind: "own", pages: 5 },
    bytesMax: 32 << 10,
  },
  {
    name: "test referee",
    entry: `${testReferee}/tile.ts`,
    output: `${testReferee}/tile.wasm`,
    features: [],
    memory: { kind: "own", pages: 5 },
    bytesMax: 4 << 10,
  },
  {
    name: "test referee with SIMD",
    entry: `${testReferee}/tile.ts`,
    output: `${testReferee}/tile-simd.wasm`,
    features: ["simd"],
    memory: { kind: "own", pages: 5 },
    bytesMax: 4 << 10,
  },
];
