/** The part of xsalsa20 that is used here; the package brings no types. */
declare module "xsalsa20" {
  export default class XSalsa20 {
    constructor(nonce: Uint8Array, key: Uint8Array);
    /** The next bytes of the stream, into `output` where it is given. */
    update(input: Uint8Array, output?: Uint8Array): Uint8Array;
    finalize(): void;
  }
}
