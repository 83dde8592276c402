/**
 * Copies the protobuf files that ours import out of the Go module cache into `third_party/proto`.
 *
 * The copies are committed, so nobody needs this to build. Run it (`node tools/gen/vendorProtos.ts`) after the chain's
 * Cosmos SDK version moves; versions come from `chain/go.mod`, so the vendored files cannot drift from the SDK.
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

const root = join(import.meta.dirname, "../..");
const target = join(root, "third_party/proto");

const sources = [
  {
    module: "github.com/cosmos/cosmos-sdk",
    folder: "proto",
    take: ["amino", "cosmos/base/query", "cosmos/base/v1beta1", "cosmos/msg", "cosmos/query"],
  },
  { module: "github.com/cosmos/gogoproto", folder: ".", take: ["gogoproto"] },
  { module: "github.com/cosmos/cosmos-proto", folder: "proto", take: ["cosmos_proto"] },
  {
    module: "github.com/grpc-ecosystem/grpc-gateway",
    folder: "third_party/googleapis",
    take: ["google/api/annotations.proto", "google/api/http.proto"],
  },
] as const;

/** Version and folder of a module in the Go cache, downloaded if absent. */
function locate(module: string): { version: string; dir: string } {
  const options = { cwd: join(root, "chain"), encoding: "utf8" } as const;
  const text = execFileSync("go", ["mod", "download", "-json", module], options);
  const { Version: version, Dir: dir } = JSON.parse(text) as { Version: string; Dir: string };
  return { version, dir };
}

function copyProtos(from: string, path: string): void {
  if (path.endsWith(".proto")) {
    mkdirSync(dirname(join(target, path)), { recursive: true });
    writeFileSync(join(target, path), readFileSync(join(from, path)));
    return;
  }
  for (const name of readdirSync(join(from, path), { recursive: true, encoding: "utf8" })) {
    if (name.endsWith(".proto")) copyProtos(from, join(path, name));
  }
}

rmSync(target, { recursive: true, force: true });
const versions: string[] = [];
for (const { module, folder, take } of sources) {
  const { version, dir } = locate(module);
  for (const path of take) copyProtos(join(dir, folder), path);
  versions.push(`${module} ${version}`);
}
writeFileSync(join(root, "third_party/VERSIONS"), `${versions.join("\n")}\n`);
