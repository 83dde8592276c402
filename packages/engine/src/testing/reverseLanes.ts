/**
 * A WGSL kernel whose invocations of a workgroup change places: the last does the work of the first. What none of them waits for at a
 * barrier then comes in the other order on a driver that runs them one after the other, so that a missing barrier shows.
 */
const SIZE = /@compute @workgroup_size\((\d+)\)/;
const LANE = "@builtin(local_invocation_index) lane: u32";

export function reverseLanes(text: string): string {
  const last = Number(SIZE.exec(text)?.[1]) - 1;
  if (!text.includes(LANE)) return text;
  return text
    .replace(LANE, LANE.replace("lane:", "seat:"))
    .replace(/(fn run\([^{]*\{)/, `$1\n  let lane = ${last}u - seat;`);
}
