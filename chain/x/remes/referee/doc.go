// Package referee runs one tile of one operation of a step program in a WebAssembly module that
// the chain stores, and answers with the same bytes and the same count of work on every machine.
// The format of modules and requests is spec/referee.md.
//
// It owns the strict reading of a module at registration, the meter that is injected there, and
// the bounds of a call. It must not know an architecture, a Merkle tree or the chain's state, must
// not import the SDK, and must not let a clock, a caller's context, or an engine's words reach a
// result: validators run different processors, and one bit between them halts the chain.
package referee
