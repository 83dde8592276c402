/** What every store does, wherever its blocks lie. The address of content is the check of its bytes. */
import type { ContentId } from "./contentId.ts";

export interface ContentStore {
  /** Stores the content and returns its address: the same in every store, for the same bytes. `CONTENT_NOT_STORED` when the disk is full. */
  put(content: Uint8Array | AsyncIterable<Uint8Array>): Promise<ContentId>;
  /**
   * The whole content, every block checked against its address. Fails with `CONTENT_TOO_LARGE` before anything large is
   * fetched, with `CONTENT_UNAVAILABLE` when nobody has it in time, with `CONTENT_INCOMPLETE` when only its beginning
   * came, with `CONTENT_CORRUPT` when it is not what it says, with `CONTENT_NOT_STORED` when the disk has no room for what a peer sent.
   */
  get(id: ContentId, options: GetOptions): Promise<Uint8Array>;
  /** Has the content here from now on, checked as `get` does and with its failures, and never has more of it in memory than a few blocks. */
  bring(id: ContentId, options: GetOptions): Promise<void>;
  /** Stores files under plain names and returns the address of the folder: the same for the same names and bytes. */
  putFolder(files: ReadonlyMap<string, Uint8Array>): Promise<ContentId>;
  /** The files of a folder by name, as addresses; their content is fetched one by one. */
  openFolder(id: ContentId, signal?: AbortSignal): Promise<ReadonlyMap<string, ContentId>>;
  /** Whether every block of the content is here, without asking anybody else. */
  has(id: ContentId): Promise<boolean>;
  /** Forgets every block that none of these needs, and returns how many went. What they need and is not here is no error. */
  keepOnly(ids: readonly ContentId[]): Promise<number>;
  close(): Promise<void>;
}

export interface GetOptions {
  readonly bytesMax: number;
  /** Ends the wait for content that nobody offers. A store that asks nobody needs none. */
  readonly signal?: AbortSignal;
}
