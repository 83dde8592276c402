package network

import (
	"context"
	"testing"

	banktypes "github.com/cosmos/cosmos-sdk/x/bank/types"

	remestypes "r3mes.dev/chain/x/remes/types"
)

// owedGoesFirst: a verifier opens its contribution to the beacon while somebody else's transactions,
// which pay more, would fill the blocks that come next. Nodes that hold both take the duty first.
func owedGoesFirst(t *testing.T) {
	n := newNetwork(t)
	v := n.validators[0]
	verifier, attacker := n.accounts[len(n.validators)], n.accounts[len(n.validators)+1]
	name := verifier.address.String()
	n.do(v, verifier,
		&remestypes.MsgSetOperator{Owner: name, Operator: name},
		&remestypes.MsgBond{
			Owner: name, Role: remestypes.ROLE_VERIFIER, Amount: 7_000 * remestypes.REMES,
		})
	epoch := n.epoch(v)
	if height, err := v.height(); err != nil || height > epoch.EndHeight-4 { // too late for this one
		n.eventually("an epoch ends", func() error { return v.reached(epoch.EndHeight + 1) })
		epoch = n.epoch(v)
	}
	secret := remestypes.LeafHash([]byte("secret"))
	commitment := remestypes.BeaconCommitmentHash(
		chainID, epoch.Number+1, remestypes.Address(verifier.address), secret)
	n.do(v, verifier, &remestypes.MsgCommitBeacon{
		Operator: name, Epoch: epoch.Number + 1, Commitment: commitment[:],
	})
	n.eventually("the next epoch begins", func() error { return v.reached(epoch.EndHeight + 1) })

	var last []byte
	for range 200 { // of these ten fill a block
		last = n.submitFor(v, attacker, price{10_000_000, 100_000}, &banktypes.MsgSend{
			FromAddress: attacker.address.String(), ToAddress: name, Amount: coins(1),
		})
	}
	duty := n.submitFor(v, verifier, price{200_000, 200}, &remestypes.MsgRevealBeacon{
		Operator: name, Epoch: epoch.Number + 1, Secret: secret[:],
	})
	dutyAt, lastAt := n.heightOf(v, duty), n.heightOf(v, last)
	t.Logf("the duty is in block %d, the last of what came before it in block %d", dutyAt, lastAt)
	if lastAt <= dutyAt {
		t.Fatal("the duty overtook nothing")
	}
	n.requireOneState()
}

func (n *network) epoch(v *validator) remestypes.Epoch {
	n.t.Helper()
	beacon, err := remestypes.NewQueryClient(n.ask(v, 0)).Beacon(
		context.Background(), &remestypes.QueryBeaconRequest{})
	n.must(err)
	return beacon.Current
}

// heightOf is the block of a transaction that must succeed.
func (n *network) heightOf(v *validator, hash []byte) int64 {
	n.t.Helper()
	if result := n.result(v, hash); result.Code != 0 {
		n.t.Fatalf("refused in a block: %s", result.Log)
	}
	found, err := v.client.Tx(context.Background(), hash, false)
	n.must(err)
	return found.Height
}
