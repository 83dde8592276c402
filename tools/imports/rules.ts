/**
 * The import rules of ARCHITECTURE.md as dependency-cruiser reads them: imports point down, I/O stays at the edge, apps
 * are islands. Every rule carries its reason, which is what a person sees when the rule is broken.
 */
import type { IForbiddenRuleType } from "dependency-cruiser";

const core = "^packages/(protocol|engine|models|training|inference)/";
const ports = "^packages/(chain-client|storage|database|service)/";
const outsideProduct = "\\.(test|bench|case)\\.ts$|/testing/";

/** Node adapters of a core package: the one door through which an app hands a device or a file system to the core. */
const nodeAdapters = "^packages/[^/]+/src/node(/|[.]ts$)";

export const importRules: readonly IForbiddenRuleType[] = [
  {
    name: "apps-are-islands",
    comment: "An app never imports another app; only the CLI may start one, as a process.",
    severity: "error",
    from: { path: "^apps/([^/]+)/" },
    to: { path: "^apps/", pathNot: "^apps/$1/" },
  },
  {
    name: "imports-point-down",
    comment: "Packages never import apps, the simulation or tools (a test or bench may use tools).",
    severity: "error",
    from: { path: "^packages/", pathNot: outsideProduct },
    to: { path: "^(apps|simulation|tools)/" },
  },
  {
    name: "nothing-imports-the-simulation",
    comment: "The simulation may import everything below it; nothing imports the simulation.",
    severity: "error",
    from: { pathNot: "^simulation/" },
    to: { path: "^simulation/" },
  },
  {
    name: "core-knows-no-ports",
    comment: "Core packages are pure; an app passes ports into them.",
    severity: "error",
    from: { path: core, pathNot: outsideProduct },
    to: { path: ports },
  },
  {
    name: "core-does-no-io",
    comment: "Core packages import no Node module; what a host must give is a parameter.",
    severity: "error",
    from: { path: core, pathNot: [outsideProduct, nodeAdapters] },
    to: { dependencyTypes: ["core"] },
  },
  {
    name: "ports-know-protocol-and-service",
    comment:
      "Ports do I/O and hold no rules: of our packages they import protocol and service alone.",
    severity: "error",
    from: { path: ports, pathNot: outsideProduct },
    to: { path: "^packages/", pathNot: ["^packages/(protocol|service)/", "^packages/$1/"] },
  },
  {
    name: "protocol-is-the-floor",
    comment: "protocol imports no other package of ours.",
    severity: "error",
    from: { path: "^packages/protocol/", pathNot: outsideProduct },
    to: { path: "^packages/", pathNot: "^packages/protocol/" },
  },
  {
    name: "engine-knows-only-protocol",
    comment:
      "The engine knows operations, not architectures: of our packages it imports only protocol.",
    severity: "error",
    from: { path: "^packages/engine/", pathNot: outsideProduct },
    to: { path: "^packages/", pathNot: "^packages/(engine|protocol)/" },
  },
  {
    name: "models-know-engine-and-protocol",
    comment:
      "Models are step programs and loaders: of our packages they import engine and protocol.",
    severity: "error",
    from: { path: "^packages/models/", pathNot: outsideProduct },
    to: { path: "^packages/", pathNot: "^packages/(models|engine|protocol)/" },
  },
  {
    name: "front-door-only",
    comment:
      "Another package is imported through the doors its package.json exports, never by an inner path.",
    severity: "error",
    from: { path: "^(packages|apps)/([^/]+)/" },
    to: {
      path: "^packages/",
      pathNot: [
        "^packages/$2/",
        "^packages/[^/]+/src/(index|chat|command|messages|conformance|device|node|process|node/index|testing|browser/index)\\.ts$",
      ],
    },
  },
  {
    name: "testing-doors-are-for-tests",
    comment: "What stands in a package's door `testing` is for tests and the simulation alone.",
    severity: "error",
    from: { path: "^(packages|apps)/", pathNot: [outsideProduct, "/src/testing[.]ts$"] },
    to: { path: "^packages/[^/]+/src/testing([.]ts$|/)" },
  },
  {
    name: "no-cycles",
    comment: "A cycle means two files are one idea, or one of them knows too much.",
    severity: "error",
    from: {},
    to: { circular: true },
  },
  {
    name: "no-dead-files",
    comment: "A file that nothing imports and that is no entry is dead: delete it.",
    severity: "error",
    from: {
      orphan: true,
      path: "^(packages|apps)/[^/]+/src/",
      pathNot: [
        outsideProduct,
        "/src/(index|main|node)\\.ts$",
        "/kernels/wasm/",
        "\\.d\\.ts$",
        "/gen/",
      ],
    },
    to: {},
  },
  {
    name: "everything-resolves",
    comment: "An import that resolves to nothing fails at run time on somebody's machine.",
    severity: "error",
    from: { path: "^(packages|apps|tools|simulation)/" },
    to: { couldNotResolve: true, pathNot: "^#" },
  },
];
