package network

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"testing"
	"time"

	remestypes "r3mes.dev/chain/x/remes/types"
)

// wipedAndSynced: a node that lost its data asks the others for a snapshot, arrives at their state
// without the blocks behind it, and takes up its duty.
func wipedAndSynced(t *testing.T) {
	n := newNetwork(t)
	n.populate()
	lost, others := n.validators[3], n.validators[:3]
	n.kill(lost)
	n.must(lost.forget(false))

	// The node trusts one header, which its operator got elsewhere, and checks the rest itself.
	trusted := n.progress(1)
	commit, err := others[0].client.Commit(context.Background(), &trusted)
	n.must(err)
	sync := lost.config.StateSync
	sync.Enable, sync.TrustHeight, sync.TrustHash = true, trusted, commit.Commit.BlockID.Hash.String()
	sync.DiscoveryTime = 5 * time.Second // the shortest that is allowed
	for _, v := range others[:2] {
		sync.RPCServers = append(sync.RPCServers, v.config.RPC.ListenAddress)
	}
	lost.meet(n.peers())
	n.reach(trusted/snapshotBlocks*snapshotBlocks + snapshotBlocks + 2) // a snapshot behind it is there
	there := n.progress(0)

	n.start("current", lost)
	n.eventually("the node restores a snapshot", func() error { return lost.reached(there) })
	status, err := lost.client.Status(context.Background())
	n.must(err)
	if status.SyncInfo.EarliestBlockHeight == 1 {
		t.Fatal("the node replayed every block instead of restoring a snapshot")
	}
	n.requireOneState()
	n.awaitSignature(lost)
	n.requireBalance(lost)
	requireReferee(n, lost)
}

// requireReferee: the module by which the chain judges came with the snapshot; it is compiled when a
// case needs it.
func requireReferee(n *network, v *validator) {
	n.t.Helper()
	module, err := os.ReadFile(refereeFile)
	n.must(err)
	id := sha256.Sum256(module)
	answer, err := remestypes.NewQueryClient(n.ask(v, 0)).RefereeModule(
		context.Background(), &remestypes.QueryRefereeModuleRequest{Id: hex.EncodeToString(id[:])},
	)
	n.must(err)
	if !bytes.Equal(answer.Module, module) {
		n.t.Fatal(fmt.Errorf("%s has another referee of %d bytes", v.name, len(answer.Module)))
	}
}
