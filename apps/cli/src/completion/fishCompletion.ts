/** The completion script for fish. */
import { allNodes, type CommandNode, type OptionNode } from "./commandTree.ts";

export function fishCompletion(tree: CommandNode): string {
  const nodes = allNodes(tree);
  const paths = nodes.slice(1).map(({ path }) => quote(path));
  const lines = nodes.flatMap(({ path, commands, choices, options }) => {
    const here = `complete -c r3mes -n ${quote(`test (__r3mes_path) = "${path}"`)}`;
    return [
      ...commands.map(({ name, summary }) => `${here} -a ${name} -d ${quote(summary)}`),
      ...(choices.length === 0 ? [] : [`${here} -a ${quote(choices.join(" "))}`]),
      ...options.map((option) => `${here} ${optionArguments(option)}`),
    ];
  });
  return `# fish completion for r3mes; load it with: npx r3mes completion fish | source
function __r3mes_path
  set -l path r3mes
  for word in (commandline -opc)[2..]
    switch "$path $word"
      case ${paths.join(" ")}
        set path "$path $word"
    end
  end
  echo $path
end
function __npx_is_r3mes
  set -l words (commandline -opc)
  test "$words[2]" = r3mes
end
function __npx_r3mes
  set -l words (commandline -opc)[2..]
  complete -C (string join " " -- (string escape -- $words) (commandline -ct))
end
complete -c r3mes -f
${lines.join("\n")}
# As it is typed in a clone: npx r3mes …; of other packages npx is left as it is.
complete -c npx -f -n '__npx_is_r3mes' -a '(__npx_r3mes)'
`;
}

function optionArguments({ long, short, summary, takes, choices }: OptionNode): string {
  const values = {
    none: "",
    choice: ` -x -a ${quote(choices.join(" "))}`,
    folder: " -x -a '(__fish_complete_directories)'",
    text: " -x",
  };
  const letter = short === null ? "" : ` -s ${short.slice(1)}`;
  return `-l ${long.slice(2)}${letter}${values[takes]} -d ${quote(summary)}`;
}

function quote(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}
