import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, test } from "vitest";

const watchUrl = new URL("./watchForSignals.js", import.meta.url).href;

const worker = `
  import { watchForSignals } from ${JSON.stringify(watchUrl)};
  const { signal, stop } = watchForSignals();
  const busy = setInterval(() => {}, 1000);
  signal.addEventListener("abort", () => {
    console.log(signal.reason);
    setTimeout(() => clearInterval(busy), 300);
  });
  console.log("watching");
`;

test("a request that arrives several times is one, and leaves time to end in order", async () => {
  const child = start("pipe");
  await once(child.stdout!, "data");
  const said = once(child.stdout!, "data");
  child.kill("SIGTERM");
  expect(String((await said)[0])).toBe("SIGTERM\n");
  child.kill("SIGTERM");
  child.kill("SIGINT");
  expect(await once(child, "exit")).toEqual([0, null]);
});

test("the death of who handed over is a request to end", async () => {
  const child = start("ipc");
  await once(child.stdout!, "data");
  const said = once(child.stdout!, "data");
  child.disconnect();
  expect(String((await said)[0])).toBe("SIGHUP\n");
  expect(await once(child, "exit")).toEqual([0, null]);
});

function start(channel: "pipe" | "ipc") {
  return spawn(process.execPath, ["--input-type=module", "-e", worker], {
    env: { ...process.env, R3MES_LAUNCHED: "1" },
    stdio: ["ignore", "pipe", "inherit", channel],
  });
}
