/**
 * The two doors. `npm start` and `npm test` come in here on whatever Node the machine has.
 * This file and the catalogue must parse on any Node that knows modules, so that an old one is
 * answered with a sentence instead of a syntax error; everything else waits behind the check.
 */
import { BootstrapError, describeFailure } from "./catalogue.js";

const neededMajor = 20;
const waysToGetNode = [
  "https://nodejs.org/en/download",
  "a version manager: nvm install 24, fnm install 24 or volta install node@24",
  "your distribution, if its package is new enough: apt-get install nodejs npm",
];

if (Number(process.versions.node.split(".")[0]) < neededMajor) {
  const failure = new BootstrapError(
    { code: "BOOTSTRAP_TOOL_TOO_OLD", tool: "node", found: process.versions.node, needed: "20" },
    waysToGetNode,
  );
  process.stderr.write(describeFailure(failure));
  process.exitCode = 1;
} else {
  import("./doors.js").then(({ openDoor }) => openDoor(process.argv.slice(2)));
}
