package network

import (
	"os"
	"path/filepath"
	"testing"
)

// killedAndBack: three of four go on without the fourth, which comes back to the same state and to
// its duty.
func killedAndBack(t *testing.T) {
	n := newNetwork(t)
	for _, v := range n.validators {
		requirePrivateKeys(t, v)
	}
	victim := n.validators[3]
	n.kill(victim)
	n.populate() // what it misses is more than empty blocks
	missed := n.progress(3)

	n.start("current", victim)
	n.eventually("the node catches up", func() error { return victim.reached(missed) })
	n.requireOneState()
	n.awaitSignature(victim)
	n.requireBalance(victim)
}

func requirePrivateKeys(t *testing.T, v *validator) {
	t.Helper()
	for _, name := range []string{
		"config/priv_validator_key.json", "config/node_key.json", "data/priv_validator_state.json",
	} {
		info, err := os.Stat(filepath.Join(v.home, name))
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().Perm() != 0o600 {
			t.Fatalf("%s has mode %o", name, info.Mode().Perm())
		}
	}
}
