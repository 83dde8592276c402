/**
 * A program that runs the case suite on the relaxed kernels, shown and plain, and prints the hashes of its results as JSON: V8's
 * flags are set for a whole process, so whoever tries one starts this with it.
 */
import { createWasmBackend } from "../backends/wasm.ts";
import { createNodeWasmHost } from "../node/index.ts";
import { joinCases } from "../ops/joinCases.ts";
import { decodeOperationCases, operationCases } from "../ops/operation.case.ts";
import { runCasePlain } from "../ops/runCasePlain.ts";
import { runOperationCase } from "../ops/runOperationCase.ts";

const joined = joinCases([...operationCases, ...decodeOperationCases]);
const backend = createWasmBackend(createNodeWasmHost(), { build: "relaxed", threads: 1 });
const shown = await runOperationCase(backend, joined);
const plain = await runCasePlain(backend, joined);
process.stdout.write(JSON.stringify({ shown, plain }), () => process.exit());
