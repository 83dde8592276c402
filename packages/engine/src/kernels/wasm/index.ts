/** The exports of both kernel modules. A kernel that is not named here does not exist for the host. */
export { denseProduct, rowSums, widen } from "./dense";
export { CODE_MASK, ternaryForward, ternaryTransposed } from "./ternary";
