/**
 * A text of a corpus: the unit that is split, deduplicated and attributed. It is never cut between splits.
 */
export interface SourceDocument {
  /** Stable name inside its source, for instance a file name without its ending. */
  readonly id: string;
  /** Clean text: NFC, line feeds only, no control characters. */
  readonly text: string;
}

/** A file as a source hands it over: its name and its text, already decoded from UTF-8. */
export interface SourceFile {
  readonly name: string;
  readonly text: string;
}
