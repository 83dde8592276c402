/**
 * How V8 keeps the memory of a participant. Bytes pass through it and are forgotten: without these flags V8 would keep a hundred
 * megabytes for them, and grow rather than collect. What bootstrap compiles ahead it compiles under the same ones, or nobody finds it.
 */
export const leanHeap = ["--max-semi-space-size=1", "--optimize-for-size"] as const;
