/** The options of a script. `--help` prints its usage; what it does not understand is told with its code. Both end the process. */
import { type ParseArgsConfig, parseArgs } from "node:util";
import { R3mesError } from "@r3mes/protocol";

type Options = NonNullable<ParseArgsConfig["options"]>;
type Values<Known extends Options> = ReturnType<typeof parseArgs<{ options: Known }>>["values"];

export interface ReadOptions<Known extends Options> {
  readonly values: Values<Known>;
  /** Says what is wrong with the command line, and ends the process with 2. */
  refuse(reason: string): never;
  /** The whole number that an option gives, or what stands for it where it is not given. */
  wholeNumber(name: string & keyof Known, otherwise: number, least?: number): number;
}

export function readOptions<const Known extends Options>(
  usage: string,
  options: Known,
): ReadOptions<Known> {
  const refuse = (reason: string): never => {
    const { code, message } = new R3mesError({ code: "USAGE_INVALID", reason });
    process.stderr.write(`${code}: ${message}\n\n${usage}`);
    process.exit(2);
  };
  const values = parsed(options, refuse);
  if ((values as { readonly help?: boolean }).help) {
    process.stdout.write(usage);
    process.exit(0);
  }
  return {
    values,
    refuse,
    wholeNumber(name, otherwise, least = 0) {
      const given = (values as Readonly<Record<string, unknown>>)[name];
      if (given === undefined) return otherwise;
      const isWhole = /^\d{1,9}$/.test(String(given)) && Number(given) >= least;
      const wanted = least === 0 ? "a whole number" : `a whole number from ${least} on`;
      return isWhole ? Number(given) : refuse(`--${name} takes ${wanted}, not ${given}`);
    },
  };
}

function parsed<Known extends Options>(
  options: Known,
  refuse: (reason: string) => never,
): Values<Known> {
  try {
    return parseArgs({ options: { ...options, help: { type: "boolean" } } })
      .values as Values<Known>;
  } catch (error) {
    // The first sentence says it; what follows is advice on positional arguments, which no script takes.
    return refuse((error as Error).message.split(". ")[0]!);
  }
}
