/** Colours, or none: text stays as it is unless it goes to a terminal that may be coloured. */
import { styleText } from "node:util";

export type Paint = { readonly [style in Style]: (text: string) => string };

const styles = ["bold", "cyan", "dim", "green", "red", "yellow"] as const;
type Style = (typeof styles)[number];

/** Follows https://no-color.org: any value of NO_COLOR but the empty one turns colours off. */
export function createPaint(
  stream: { readonly isTTY?: boolean },
  env: { readonly [name: string]: string | undefined },
): Paint {
  const isColoured = stream.isTTY === true && !env.NO_COLOR && env.TERM !== "dumb";
  const entries = styles.map((style) => [style, isColoured ? colour(style) : same]);
  return Object.fromEntries(entries) as Paint;
}

function colour(style: Style): (text: string) => string {
  return (text) => styleText(style, text, { validateStream: false });
}

function same(text: string): string {
  return text;
}
