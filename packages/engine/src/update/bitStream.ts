/** Bits packed from the least significant end of each byte. Source: spec/update.md, Bytes. */

export class BitWriter {
  #bytes = new Uint8Array(64);
  /** Bits that are written. */
  #length = 0;

  /** The `width` lowest bits of a value, at most 32. */
  bits(value: number, width: number): void {
    for (let written = 0; written < width; ) {
      const at = this.#length >>> 3;
      if (at === this.#bytes.length) this.#grow();
      const used = this.#length & 7;
      const more = Math.min(8 - used, width - written);
      this.#bytes[at]! |= ((value >>> written) & ((1 << more) - 1)) << used;
      this.#length += more;
      written += more;
    }
  }

  /** As many one-bits as a number says, then a zero-bit. */
  unary(count: number): void {
    let left = count;
    for (; left >= 31; left -= 31) this.bits(0x7fffffff, 31);
    this.bits(2 ** left - 1, left + 1);
  }

  toBytes(): Uint8Array {
    return this.#bytes.slice(0, (this.#length + 7) >>> 3);
  }

  #grow(): void {
    const larger = new Uint8Array(2 * this.#bytes.length);
    larger.set(this.#bytes);
    this.#bytes = larger;
  }
}

/** Reads past the end answer null, so that a hostile length ends in a refusal and never in an exception. */
export class BitReader {
  readonly #bytes: Uint8Array;
  #at: number;

  constructor(bytes: Uint8Array, byteOffset: number) {
    this.#bytes = bytes;
    this.#at = byteOffset * 8;
  }

  bit(): number | null {
    const byte = this.#bytes[this.#at >>> 3];
    if (byte === undefined) return null;
    const bit = (byte >>> (this.#at & 7)) & 1;
    this.#at += 1;
    return bit;
  }

  bits(width: number): number | null {
    let value = 0;
    for (let i = 0; i < width; i += 1) {
      const bit = this.bit();
      if (bit === null) return null;
      value |= bit << i;
    }
    return value;
  }

  /** The number of one-bits before the next zero-bit, which is consumed; null past the end or above `max`. */
  unary(max: number): number | null {
    for (let count = 0; count <= max; count += 1) {
      const bit = this.bit();
      if (bit === null) return null;
      if (bit === 0) return count;
    }
    return null;
  }

  /** Moves to the next whole byte and returns its offset, or null when a bit that was skipped is not zero. */
  alignToByte(): number | null {
    while ((this.#at & 7) !== 0) {
      if (this.bit() !== 0) return null;
    }
    return this.#at >>> 3;
  }
}
