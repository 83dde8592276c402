/** The completion script for zsh. */
import { allNodes, type CommandNode } from "./commandTree.ts";

export function zshCompletion(tree: CommandNode): string {
  const nodes = allNodes(tree);
  const paths = nodes.slice(1).map(({ path }) => `"${path}"`);
  const values = nodes.flatMap(({ path, options }) =>
    options
      .filter(({ takes }) => takes === "choice")
      .map(({ long, choices }) => `    "${path} ${long}") compadd ${choices.join(" ")}; return ;;`),
  );
  const entries = nodes.map(({ path, commands, choices, options }) => {
    const described = [
      ...commands.map(({ name, summary }) => entry(name, summary)),
      ...choices.map((choice) => `'${choice}'`),
      ...options.map(({ long, summary }) => entry(long, summary)),
    ];
    return `    "${path}") entries=(${described.join(" ")}) ;;`;
  });
  return `#compdef r3mes npx
# zsh completion for r3mes; load it with: source <(npx r3mes completion zsh)
_r3mes() {
  local where="r3mes" word
  local -a entries
  for word in "\${(@)words[2,CURRENT-1]}"; do
    case "$where $word" in
      ${paths.join("|")}) where="$where $word" ;;
    esac
  done
  case "$where \${words[CURRENT-1]}" in
${values.join("\n")}
    *" --home") _files -/; return ;;
  esac
  case "$where" in
${entries.join("\n")}
  esac
  _describe 'r3mes' entries
}
# As it is typed in a clone: npx r3mes …; of other packages npx is left as it is.
_npx_r3mes() {
  if (( CURRENT > 2 )) && [ "$words[2]" = "r3mes" ]; then
    shift words
    (( CURRENT -= 1 ))
    _r3mes
  else
    _default
  fi
}
if [ "$funcstack[1]" = "_r3mes" ]; then
  if [ "$service" = "npx" ]; then _npx_r3mes; else _r3mes; fi
else
  compdef _r3mes r3mes
  compdef _npx_r3mes npx
fi
`;
}

function entry(name: string, summary: string): string {
  const text = `${name}:${summary.replaceAll(":", "\\:")}`;
  return `'${text.replaceAll("'", "'\\''")}'`;
}
