/** Puts a text on the clipboard, which a browser keeps from pages that came over plain HTTP from another machine. */

/** False where there is no clipboard, or where it is refused. */
export async function copyText(
  text: string,
  clipboard: Pick<Clipboard, "writeText"> | undefined,
): Promise<boolean> {
  if (clipboard === undefined) return false;
  return clipboard.writeText(text).then(
    () => true,
    () => false,
  );
}
