// Package network holds tests of whole networks: several nodes of the chain, each a process of its
// own, on free ports of the loopback, with keys that are made for one test. Nothing imports it.
//
// A node of a test is the test's own program, started again to run the command line of package
// node, as remesd does: what is tested is the code at hand and never a binary of yesterday.
package network
