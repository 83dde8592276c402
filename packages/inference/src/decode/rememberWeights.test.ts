import { expect, test } from "vitest";
import { rememberWeights } from "./rememberWeights.ts";

function setup(modelBytes: number) {
  const read: string[] = [];
  const source = (name: string) => {
    read.push(name);
    return new Uint8Array(4);
  };
  return { read, weights: rememberWeights(source, { modelBytes, bytesMax: 100 }) };
}

test("a weight is read once, however many ask", async () => {
  const { read, weights } = setup(100);
  const [one, two] = await Promise.all([weights("a"), weights("a"), weights("b")]);
  expect(one).toBe(two);
  expect(read).toEqual(["a", "b"]);
});

test("a model that is too large is read again", async () => {
  const { read, weights } = setup(101);
  await Promise.all([weights("a"), weights("a")]);
  expect(read).toEqual(["a", "a"]);
});

test("a weight that could not be read is read again by whoever asks next", async () => {
  const answers = [Promise.reject(new Error("the disk is away")), new Uint8Array(4)];
  const weights = rememberWeights(() => answers.shift()!, { modelBytes: 4, bytesMax: 100 });
  await expect(Promise.all([weights("a"), weights("a")])).rejects.toThrow("the disk is away");
  expect(await weights("a")).toHaveLength(4);
});
