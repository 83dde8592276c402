package network

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	banktypes "github.com/cosmos/cosmos-sdk/x/bank/types"
	genutiltypes "github.com/cosmos/cosmos-sdk/x/genutil/types"

	remestypes "r3mes.dev/chain/x/remes/types"
)

// exportedAndImported: the state of a height, written by two nodes alike, begins a chain of its own,
// whose first block does to the module and to everybody's coins what the old chain's next one did.
func exportedAndImported(t *testing.T) {
	n := newNetwork(t)
	n.populate()
	sponsor := n.accounts[len(n.validators)]
	sent := n.landed(n.validators[0], n.submit(n.validators[0], sponsor, &banktypes.MsgSend{
		FromAddress: sponsor.address.String(), ToAddress: n.accounts[0].address.String(),
		Amount: coins(1),
	})).Tx
	height := n.progress(1)
	if isEpochStart(height + 1) { // it would draw on the hash of the block, and no two are equal
		height++
	}
	n.reach(height + 1)
	before := n.requireBalance(n.validators[0])
	n.stop(n.validators...)

	exported := n.export(n.validators[0], height)
	if exported != n.export(n.validators[1], height) {
		t.Fatalf("two nodes export different states of height %d", height)
	}
	old := n.export(n.validators[0], height+1, "remes", "bank")

	genesis, err := genutiltypes.AppGenesisFromReader(strings.NewReader(exported))
	n.must(err)
	if genesis.InitialHeight != height+1 {
		t.Fatalf("the chain of height %d goes on at %d", height, genesis.InitialHeight)
	}
	for _, v := range n.validators {
		n.must(v.forget(true)) // another chain: what was signed on the old one does not count
	}
	n.share(genesis)
	n.start("current", n.validators...)
	n.reach(height + 3)
	n.requireOneState()
	again, err := n.validators[0].client.BroadcastTxSync(context.Background(), sent)
	n.must(err)
	if !strings.Contains(again.Log, "already used timeout") {
		t.Fatalf("what ran on the old chain may run again: %d, %q", again.Code, again.Log)
	}
	after := n.requireBalance(n.validators[3])
	if after.Funded != before.Funded || after.Minted < before.Minted {
		t.Fatalf("the sums were %v and are %v", before, after)
	}
	n.stop(n.validators...)
	same := n.export(n.validators[2], height+1, "remes", "bank")
	if stateOf(n, same) != stateOf(n, old) {
		t.Fatalf("at height %d the old chain has\n%s\nand the new one\n%s", height+1, old, same)
	}
}

// isEpochStart says that the beacon begins an epoch in the block; epoch 0 began with the genesis.
func isEpochStart(height int64) bool {
	params, err := remestypes.PresetParams(remestypes.PresetDev)
	if err != nil {
		panic(err)
	}
	return height%int64(params.Beacon.EpochBlocks) == 0
}

// export is what a node that is down says of its state at a height: all of it, or modules.
func (n *network) export(v *validator, height int64, modules ...string) string {
	n.t.Helper()
	args := []string{"export", "--height", fmt.Sprint(height)}
	if len(modules) > 0 {
		args = append(args, "--modules-to-export", strings.Join(modules, ","))
	}
	text, err := run("current", v.home, args...)
	n.must(err)
	return text
}

// stateOf is the modules' part of an export.
func stateOf(n *network, export string) string {
	n.t.Helper()
	var genesis struct {
		AppState json.RawMessage `json:"app_state"`
	}
	n.must(json.Unmarshal([]byte(export), &genesis))
	return string(genesis.AppState)
}
