package network

import (
	"flag"
	"fmt"
	"io"
	"os"
	"testing"

	"r3mes.dev/chain/app"
	"r3mes.dev/chain/node"
)

// releaseVariable tells a process that it is a node, and of which release.
const releaseVariable = "CHAIN_NETWORK_RELEASE"

// releases by the names that processes are started with.
var releases = map[string]app.Release{"current": app.Current, "next": nextRelease}

// earlier is the name of the release that another program is a node of.
const earlier = "earlier"

var (
	full        = flag.Bool("full", false, "run the cases that take minutes too")
	earlierNode = flag.String(
		"earlier", "", "the remesd of the release before this one, for the case that upgrades it",
	)
)

func TestMain(m *testing.M) {
	if name, isNode := os.LookupEnv(releaseVariable); isNode {
		runNode(releases[name])
		return
	}
	if home, isHolder := os.LookupEnv(holderVariable); isHolder {
		holdNode(home)
		return
	}
	os.Exit(m.Run())
}

// runNode is the main function of remesd, ended with the process that started it: however that one
// dies, its end of the pipe closes.
func runNode(release app.Release) {
	go func() {
		if _, err := io.Copy(io.Discard, os.Stdin); err != nil {
			fmt.Fprintln(os.Stderr, err)
		}
		os.Exit(3)
	}()
	if err := node.Execute(release); err != nil {
		os.Exit(1)
	}
}

// TestNetworks runs every case on a network of its own. Those that are not fast run with -full, one
// after another, before the fast ones run side by side.
func TestNetworks(t *testing.T) {
	for _, c := range []struct {
		name string
		fast bool
		run  func(*testing.T)
	}{
		{"a node that is killed comes back", true, killedAndBack},
		{"an exported chain starts again", true, exportedAndImported},
		{"what is owed goes before what fills blocks", false, owedGoesFirst},
		{"a wiped node restores a snapshot of the others", false, wipedAndSynced},
		{"an upgrade by proposal changes the release", false, upgradedToNext},
		{"an upgrade by proposal takes over from the release before", false, upgradedFromEarlier},
		{"a validator that signs twice is slashed and shut out", false, signedTwice},
		{"the pace of blocks and the memory of nodes", false, paceAndMemory},
	} {
		if !c.fast && !*full {
			continue
		}
		t.Run(c.name, func(t *testing.T) {
			if c.fast {
				t.Parallel()
			}
			c.run(t)
		})
	}
}
