/** The door for the tests of other packages: the steps of a submission one by one, and what a wallet signs. */
export { textSignDoc } from "./keystore/signedText.ts";
export { estimateGas } from "./transactions/estimateGas.ts";
export { signTransaction } from "./transactions/signTransaction.ts";
