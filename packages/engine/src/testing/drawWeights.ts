/**
 * A program that draws the random weights of a step into a folder, a file for each by its place in the program, so that whoever
 * measures its own memory need not draw them. The folder and the step's options, as JSON, are its arguments.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { tinyTraining } from "@r3mes/models";

const [folder, options] = process.argv.slice(2);
const { program, weights } = tinyTraining(JSON.parse(options!));
for (const [id, { name, role, transposeOf }] of program.tensors.entries()) {
  if (role !== "weight" || transposeOf !== undefined) continue;
  writeFileSync(join(folder!, String(id)), await weights(name));
}
