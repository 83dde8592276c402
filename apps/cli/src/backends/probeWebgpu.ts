/**
 * Run as a program: prints the adapters that WebGPU offers as a JSON list of names, or null when the
 * optional package is not installed.
 */
export type ProbedAdapters = readonly string[] | null;

const preferences = ["high-performance", "low-power"] as const;

const names = await listAdapters();
process.stdout.write(`${JSON.stringify(names)}\n`, () => process.exit(0));

async function listAdapters(): Promise<ProbedAdapters> {
  const webgpu = await import("webgpu").catch(() => null);
  if (webgpu === null) return null;
  Object.assign(globalThis, webgpu.globals);
  // The adapters live only as long as the object that made them.
  const gpu = webgpu.create([]);
  const found = new Set<string>();
  for (const powerPreference of preferences) {
    const adapter = await gpu.requestAdapter({ powerPreference });
    if (adapter === null) continue;
    const { description, device, vendor, architecture } = adapter.info;
    const kind = adapter.info.isFallbackAdapter ? " (software)" : "";
    found.add(`${description || device || `${vendor} ${architecture}`.trim()}${kind}`);
  }
  return [...found];
}
