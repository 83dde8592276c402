/** The completion script for bash (3.2 and newer). */
import { allNodes, type CommandNode } from "./commandTree.ts";

export function bashCompletion(tree: CommandNode): string {
  const nodes = allNodes(tree);
  const paths = nodes.slice(1).map(({ path }) => `"${path}"`);
  const values = nodes.flatMap(({ path, options }) =>
    options
      .filter(({ takes }) => takes !== "none")
      .map(({ long, choices }) => valueCase(`${path} ${long}`, choices)),
  );
  const words = nodes.map(({ path, commands, choices, options }) => {
    const names = [
      ...commands.map(({ name }) => name),
      ...choices,
      ...options.map(({ long }) => long),
    ];
    return `    "${path}") words="${names.join(" ")}" ;;`;
  });
  return `# bash completion for r3mes; load it with: source <(npx r3mes completion bash)
_r3mes() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}"
  local path="r3mes" words="" word
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$path $word" in
      ${paths.join("|")}) path="$path $word" ;;
    esac
  done
  case "$path $previous" in
${values.join("\n")}
  esac
  case "$path" in
${words.join("\n")}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
# As it is typed in a clone: npx r3mes …; of other packages npx is left as it is.
_npx_r3mes() {
  if [ "$COMP_CWORD" -gt 1 ] && [ "\${COMP_WORDS[1]}" = r3mes ]; then
    COMP_WORDS=("\${COMP_WORDS[@]:1}") COMP_CWORD=$((COMP_CWORD - 1))
    _r3mes
  fi
}
complete -o default -F _r3mes r3mes
complete -o default -F _npx_r3mes npx
`;
}

/** A free value is left to bash, which offers files, whatever their names hold. */
function valueCase(pattern: string, choices: readonly string[]): string {
  const offered = choices.length === 0 ? "" : `$(compgen -W "${choices.join(" ")}" -- "$current")`;
  return `    "${pattern}") COMPREPLY=(${offered}); return ;;`;
}
