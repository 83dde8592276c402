/// <reference path="./xsalsa20.d.ts" />
/**
 * The cipher of a private swarm (xsalsa20 1.2.0) keeps one memory for all connections, and takes a connection's view of it for too
 * small whenever another one has made it grow: then it grows at every message until the process dies. What waits for a slow peer goes
 * through it in one piece of any size, so no memory is large enough for ever. Here it gets smaller pieces, which is the same to a stream
 * cipher, and a memory that holds one from the start never grows. What comes out takes the place of what went in, which nobody reads
 * again: it was put together for the cipher, or has come from the network. Otherwise each megabyte that is sent leaves one more behind
 * to be collected.
 */
import XSalsa20 from "xsalsa20";

const pieceBytes = 2 ** 20;
/** What the memory has beside a piece: two places of 64 bytes for each connection. */
const placesBytes = 2 ** 20;

/** To be called before the first connection of this process. The library is one for all of it, and is bounded once. */
export function boundCipherMemory(): void {
  if (Object.hasOwn(XSalsa20.prototype, "_xor")) return;
  const cipher = new XSalsa20(new Uint8Array(24), new Uint8Array(32));
  cipher.update(new Uint8Array(placesBytes + pieceBytes));
  cipher.finalize();
  takePlacesBack();
  const { update } = XSalsa20.prototype;
  XSalsa20.prototype.update = function (input, output = input) {
    for (let at = 0; at < input.length; at += pieceBytes) {
      const end = at + pieceBytes;
      update.call(this, input.subarray(at, end), output.subarray(at, end));
    }
    return output;
  };
}

/** What a cipher has of the memory; null once it was given back. */
type CipherPlace = { finalize(): void } | null;

function takePlacesBack(): void {
  const places = new WeakMap<XSalsa20, CipherPlace>();
  const unheld = new FinalizationRegistry<NonNullable<CipherPlace>>((place) => place.finalize());
  Object.defineProperty(XSalsa20.prototype, "_xor", {
    get(this: XSalsa20) {
      return places.get(this);
    },
    set(this: XSalsa20, place: CipherPlace) {
      places.set(this, place);
      if (place === null) unheld.unregister(this);
      else unheld.register(this, place, this);
    },
  });
}
