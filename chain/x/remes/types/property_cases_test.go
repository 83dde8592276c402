package types

import "flag"

// Properties draw the same cases in every run, so that a commit passes or fails for good. A seed on the
// command line goes before this one.
func init() {
	if err := flag.Set("rapid.seed", "20261127"); err != nil {
		panic(err)
	}
}
