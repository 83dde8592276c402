/**
 * Memory that was given back, for what is read next. It is forgotten at once when nothing is to be read: a collection of garbage comes
 * one day, and what these bytes weigh does not hasten it.
 */

export interface Spare {
  take(): Uint8Array | undefined;
  keep(bytes: Uint8Array): void;
  /** Whoever holds a view of what was kept finds it empty. */
  forget(): void;
}

/** What ES2024 adds to every buffer: another takes over so many of its bytes, and the rest is freed. */
type Transferable = ArrayBuffer & { transfer(bytes: number): ArrayBuffer };

export function createSpare(): Spare {
  const spare: Uint8Array[] = [];
  return {
    take: () => spare.pop(),
    keep: (bytes) => void spare.push(bytes),
    forget() {
      for (const { buffer } of spare.splice(0)) (buffer as Transferable).transfer(0);
    },
  };
}
