package app

import (
	"bytes"
	"slices"
	"testing"

	"cosmossdk.io/log"
	abci "github.com/cometbft/cometbft/abci/types"
	dbm "github.com/cosmos/cosmos-db"

	"github.com/cosmos/cosmos-sdk/baseapp"
	simtestutil "github.com/cosmos/cosmos-sdk/testutil/sims"
	sdk "github.com/cosmos/cosmos-sdk/types"

	remestypes "r3mes.dev/chain/x/remes/types"
)

// offered is what CometBFT holds for a net, first come, first served.
type offered struct {
	*net
	txs [][]byte
}

// offer has a transaction checked as CometBFT does, and says with which code it was refused.
func (o *offered) offer(tx []byte) uint32 {
	o.t.Helper()
	answer, err := o.app.CheckTx(&abci.RequestCheckTx{Tx: tx})
	o.must(err)
	if answer.Code == 0 {
		o.txs = append(o.txs, tx)
	}
	return answer.Code
}

func (o *offered) require(tx []byte) []byte {
	o.t.Helper()
	if code := o.offer(tx); code != 0 {
		o.t.Fatalf("refused with code %d", code)
	}
	return tx
}

// propose asks for a block as CometBFT does: with the first ten of what it holds.
func (o *offered) propose() [][]byte {
	o.t.Helper()
	answer, err := o.app.PrepareProposal(&abci.RequestPrepareProposal{
		Height: o.height, Time: o.timeOf(o.height), MaxTxBytes: 200_000,
		Txs: o.txs[:min(len(o.txs), 10)],
	})
	o.must(err)
	return answer.Txs
}

// take makes a block, and shows again what CometBFT has left, as that does after a block.
func (o *offered) take(block ...[]byte) []*abci.ExecTxResult {
	o.t.Helper()
	results := o.block(block...)
	o.txs = slices.DeleteFunc(o.txs, func(tx []byte) bool {
		return slices.ContainsFunc(block, func(taken []byte) bool { return bytes.Equal(tx, taken) })
	})
	o.txs = slices.DeleteFunc(o.txs, func(tx []byte) bool {
		answer, err := o.app.CheckTx(&abci.RequestCheckTx{Tx: tx, Type: abci.CheckTxType_Recheck})
		o.must(err)
		return answer.Code != 0
	})
	return results
}

// requireSame demands that the node's own mempool holds what CometBFT holds.
func (o *offered) requireSame() {
	o.t.Helper()
	if count := o.app.waiting.CountTx(); count != len(o.txs) {
		o.t.Fatalf("%d wait here, %d at CometBFT", count, len(o.txs))
	}
	for _, c := range o.app.waiting.inOrder() {
		if !slices.ContainsFunc(o.txs, func(tx []byte) bool { return bytes.Equal(tx, c.bytes) }) {
			o.t.Fatal("a transaction waits here that CometBFT does not hold")
		}
	}
}

// owing is a net whose account 0 is a verifier that must open its contribution to the beacon.
func owing(t testing.TB, accounts int) (*offered, sdk.Msg) {
	t.Helper()
	n := newNet(t, accounts)
	operate := &remestypes.MsgSetOperator{Owner: n.address(0), Operator: n.address(0)}
	bond := &remestypes.MsgBond{
		Owner: n.address(0), Role: remestypes.ROLE_VERIFIER, Amount: 5_000 * remestypes.REMES,
	}
	secret := remestypes.LeafHash([]byte("secret"))
	owner := remestypes.Address(n.keys[0].PubKey().Address())
	commitment := remestypes.BeaconCommitmentHash(chainID, 1, owner, secret)
	commit := &remestypes.MsgCommitBeacon{
		Operator: n.address(0), Epoch: 1, Commitment: commitment[:],
	}
	if result := n.block(n.sign(order{fee: 200}, operate, bond, commit))[0]; result.Code != 0 {
		t.Fatal(result.Log)
	}
	n.openEpoch()
	return &offered{net: n}, &remestypes.MsgRevealBeacon{
		Operator: n.address(0), Epoch: 1, Secret: secret[:],
	}
}

// wanted pays a hundred times the price and fills a tenth of a block.
func wanted(account int) order {
	return order{account: account, gas: 10_000_000, fee: 1_000_000, unordered: true}
}

func indexOf(txs [][]byte, tx []byte) int {
	return slices.IndexFunc(txs, func(other []byte) bool { return bytes.Equal(tx, other) })
}

func TestADutyComesBeforeWhatPaysMore(t *testing.T) {
	n, reveal := owing(t, 2)
	for range 30 {
		n.require(n.sign(wanted(1), n.send(1, 0)))
	}
	duty := n.require(n.sign(order{fee: 200, unordered: true}, reveal))
	block := n.propose()
	if indexOf(block, duty) != 0 || len(block) != 10 {
		t.Fatalf("the duty is at %d of %d", indexOf(block, duty), len(block))
	}
	for _, result := range n.take(block...) {
		requireResult(t, result, "")
	}
	n.requireSame()
	if len(n.txs) != 21 {
		t.Fatalf("%d wait", len(n.txs))
	}
}

func TestOnlyWhoOwesADutyComesFirstAndOnce(t *testing.T) {
	n, reveal := owing(t, 3)
	stranger := *reveal.(*remestypes.MsgRevealBeacon)
	stranger.Operator = n.address(2)
	wrong := *reveal.(*remestypes.MsgRevealBeacon)
	wrong.Secret = make([]byte, 32)
	for name, tx := range map[string][]byte{
		"of a stranger":              n.sign(order{account: 2, fee: 200, unordered: true}, &stranger),
		"with a wrong secret":        n.sign(order{fee: 200, unordered: true}, &wrong),
		"beside something else":      n.sign(order{fee: 200, unordered: true}, reveal, n.send(0, 1)),
		"that asks for too much gas": n.sign(order{fee: 10_000, gas: 600_000, unordered: true}, reveal),
	} {
		n.require(tx)
		if first := n.app.waiting.inOrder()[0]; first.owed() {
			t.Errorf("a reveal %s comes first", name)
		}
	}
	first := n.require(n.sign(order{fee: 200, unordered: true}, reveal))
	n.require(n.sign(order{fee: 400, unordered: true}, reveal))
	if block := n.propose(); indexOf(block, first) != 0 || n.app.waiting.inOrder()[1].owed() {
		t.Error("one duty comes first twice")
	}
}

// A verifier signs its opening with its promise, for more gas than it needs among few
// (apps/verifier/src/duties/beacon.ts).
func TestAnOpeningThatWasSignedAheadComesFirst(t *testing.T) {
	n, reveal := owing(t, 2)
	n.require(n.sign(wanted(1), n.send(1, 0)))
	opening := n.require(n.sign(order{fee: 400, gas: 400_000, unordered: true}, reveal))
	if block := n.propose(); indexOf(block, opening) != 0 {
		t.Fatalf("the opening is at %d", indexOf(block, opening))
	}
}

// commitBeacon contributes to epoch 2 as the verifier of owing.
func commitBeacon(n *offered) sdk.Msg {
	secret := remestypes.LeafHash([]byte("another"))
	owner := remestypes.Address(n.keys[0].PubKey().Address())
	commitment := remestypes.BeaconCommitmentHash(chainID, 2, owner, secret)
	return &remestypes.MsgCommitBeacon{Operator: n.address(0), Epoch: 2, Commitment: commitment[:]}
}

func TestWhatABondAllowsOnceComesBehindDutiesAndBeforeTheRest(t *testing.T) {
	n, reveal := owing(t, 2)
	for range 30 {
		n.require(n.sign(wanted(1), n.send(1, 0)))
	}
	commit := n.require(n.sign(order{fee: 400, unordered: true}, commitBeacon(n)))
	duty := n.require(n.sign(order{fee: 200, unordered: true}, reveal))
	block := n.propose()
	if indexOf(block, duty) != 0 || indexOf(block, commit) != 1 || len(block) != 11 {
		t.Fatalf("of %d, the duty is at %d, the commitment at %d",
			len(block), indexOf(block, duty), indexOf(block, commit))
	}
	n.require(n.sign(order{fee: 800, unordered: true}, commitBeacon(n)))
	if n.app.waiting.inOrder()[2].owed() {
		t.Fatal("one contribution comes first twice")
	}
	for _, result := range n.take(block...) {
		requireResult(t, result, "")
	}
}

func TestTheKindOfATransactionIsThatOfItsLeastMessage(t *testing.T) {
	duty, tile := &remestypes.MsgReveal{}, &remestypes.MsgExecuteTile{}
	challenge := &remestypes.MsgChallenge{}
	for i, c := range []struct {
		msgs []sdk.Msg
		kind int64
	}{
		{nil, 0},
		{[]sdk.Msg{duty, &remestypes.MsgCommit{}}, owedDuty},
		{[]sdk.Msg{duty, tile}, owedTile},
		{[]sdk.Msg{tile, challenge, duty}, bonded},
		{[]sdk.Msg{challenge, &remestypes.MsgOpenPool{}}, 0},
	} {
		if kind := kindOf(c.msgs); kind != c.kind {
			t.Errorf("%d: %d", i, kind)
		}
	}
}

func TestWhatAnAccountTriesInVainIsBounded(t *testing.T) {
	n, reveal := owing(t, 2)
	wrong := *reveal.(*remestypes.MsgRevealBeacon)
	wrong.Secret = make([]byte, 32)
	// A contribution that the chain would take, before an opening that it refuses: nothing of it stays.
	vain := func() []byte {
		return n.sign(order{fee: 10_000, gas: 10_000_000, unordered: true}, commitBeacon(n), &wrong)
	}
	n.require(vain())
	each := n.app.trials.spent[string(n.keys[0].PubKey().Address())]
	if each < 10_000 {
		t.Fatalf("a trial in vain used %d gas", each)
	}
	tried := 1
	for n.app.trials.mayTry(n.keys[0].PubKey().Address()) {
		n.require(vain())
		tried++
	}
	if uint64(tried) > failedGasMax/each+1 {
		t.Fatalf("%d trials in vain of %d gas", tried, each)
	}
	duty := n.require(n.sign(order{fee: 200, unordered: true}, reveal))
	if n.app.waiting.inOrder()[0].owed() {
		t.Fatal("whoever tried much in vain is tried again before the next block")
	}
	n.txs = [][]byte{duty}
	n.take()
	if !n.app.waiting.inOrder()[0].owed() {
		t.Fatal("a duty does not go first behind the block")
	}
}

func TestWhatIsNoLongerOwedLosesItsPlace(t *testing.T) {
	n, reveal := owing(t, 2)
	n.require(n.sign(order{fee: 200, unordered: true}, reveal))
	n.take(n.sign(order{fee: 200, unordered: true}, reveal)) // it came in another transaction
	n.requireSame()
	if n.app.waiting.inOrder()[0].owed() {
		t.Fatal("what was done already comes first")
	}
}

func TestAFullMempoolHasRoomForWhatIsOwed(t *testing.T) {
	n, reveal := owing(t, 2)
	n.app.waiting.room.count = 3
	for range 3 {
		n.require(n.sign(wanted(1), n.send(1, 0)))
	}
	if code := n.offer(n.sign(wanted(1), n.send(1, 0))); code != 20 {
		t.Fatalf("one too many has code %d", code)
	}
	n.require(n.sign(order{fee: 200, unordered: true}, reveal))
	n.take(n.propose()...)
	n.requireSame()
	n.require(n.sign(wanted(1), n.send(1, 0)))

	n.app.waiting.room.bytes = 100
	if code := n.offer(n.sign(wanted(1), n.send(1, 0))); code != 20 {
		t.Fatalf("one too long has code %d", code)
	}
}

func TestThePriceOrdersWhatIsWantedAndSequencesStand(t *testing.T) {
	n := &offered{net: newNet(t, 3)}
	poor := n.require(n.sign(order{account: 1, fee: 200}, n.send(1, 0)))
	after := n.require(n.sign(order{account: 1, sequence: 1, fee: 100_000}, n.send(1, 0)))
	middle := n.require(n.sign(order{account: 2, fee: 5_000}, n.send(2, 0)))
	rich := n.require(n.sign(order{account: 0, fee: 90_000, unordered: true}, n.send(0, 1)))
	block := n.propose()
	if !slices.EqualFunc(block, [][]byte{rich, middle, poor, after}, bytes.Equal) {
		t.Fatalf("%d transactions are in another order", len(block))
	}
	// One that is left out holds back those numbered after it, and no others.
	n.take(middle, rich)
	n.requireSame()
	if block := n.propose(); !slices.EqualFunc(block, [][]byte{poor, after}, bytes.Equal) {
		t.Fatalf("%d transactions are proposed", len(block))
	}
}

func TestOneTooLargeHoldsBackOnlyItsSender(t *testing.T) {
	n := &offered{net: newNet(t, 3)}
	for range 9 {
		n.require(n.sign(wanted(2), n.send(2, 0)))
	}
	n.require(n.sign(order{account: 2, gas: 5_000_000, fee: 500_000, unordered: true}, n.send(2, 0)))
	large := n.require(n.sign(order{account: 1, gas: 10_000_000, fee: 100_000}, n.send(1, 0)))
	behind := n.require(n.sign(order{account: 1, sequence: 1, fee: 200}, n.send(1, 0)))
	small := n.require(n.sign(order{account: 0, fee: 200, unordered: true}, n.send(0, 1)))
	block := n.propose()
	if indexOf(block, large) >= 0 || indexOf(block, behind) >= 0 || indexOf(block, small) != 10 {
		t.Fatalf("of %d, the large one is at %d, the one behind at %d, the small one at %d",
			len(block), indexOf(block, large), indexOf(block, behind), indexOf(block, small))
	}
}

func TestWhatABlockMadeInvalidIsDropped(t *testing.T) {
	n := &offered{net: newNet(t, 2)}
	n.require(n.sign(order{account: 1, fee: 200}, n.send(1, 0)))
	n.require(n.sign(order{account: 1, sequence: 1, fee: 200}, n.send(1, 0)))
	timed := order{account: 1, fee: 200, unordered: true}
	first := n.require(n.sign(timed, n.send(1, 0)))
	n.nonce-- // another one with the same time-out
	if code := n.offer(n.sign(timed, n.send(1, 0), n.send(1, 0))); code == 0 {
		t.Fatal("two unordered transactions of one time-out wait")
	}
	// Somebody else's proposal has another transaction under the first number: it takes the place.
	n.take(n.sign(order{account: 1, fee: 300}, n.send(1, 0)), first)
	n.requireSame()
	if len(n.txs) != 1 {
		t.Fatalf("%d wait", len(n.txs))
	}
	n.app.waiting.forget(n.height + unseenBlocksMax + 1) // CometBFT never showed it again
	if n.app.waiting.CountTx() != 0 {
		t.Fatal("what CometBFT has dropped waits here")
	}
	n.take()
	n.requireSame() // and what it shows again is back
	if len(n.propose()) != 1 {
		t.Fatal("what CometBFT holds is not proposed")
	}
}

// restart has another process go on, which CometBFT holds nothing for: its mempool is in memory too.
func (o *offered) restart() {
	o.t.Helper()
	o.must(o.app.Close())
	o.app, o.txs = appOn(o.db), nil
}

// Peers send again what waits, and nothing says when the next block comes.
func TestANodeThatStartsAgainTakesWhatItTookBefore(t *testing.T) {
	n, reveal := owing(t, 3)
	free := n.sign(order{account: 0, sequence: 1, gas: 100_000_000}, n.send(0, 1))
	wanted := n.sign(order{account: 1, fee: 200}, n.send(1, 0))
	duty := n.sign(order{account: 0, fee: 200, unordered: true}, reveal)
	late := n.sign(order{account: 2, fee: 200, unordered: true}, n.send(2, 0))
	taken := func() (codes []uint32) {
		for _, tx := range [][]byte{free, wanted, duty, late} {
			codes = append(codes, n.offer(tx))
		}
		return codes
	}
	before := taken()
	if !slices.Equal(before, []uint32{11, 0, 0, 0}) {
		t.Fatalf("the codes are %v", before)
	}
	block := n.propose()
	n.restart()
	n.requireSame() // nothing waits
	if _, _, err := n.app.Simulate(late); err != nil {
		t.Errorf("nothing is estimated: %v", err)
	}
	if again := taken(); !slices.Equal(again, before) {
		t.Errorf("the codes were %v and are %v", before, again)
	}
	n.requireSame()
	if again := n.propose(); !slices.EqualFunc(again, block, bytes.Equal) || indexOf(block, duty) != 0 {
		t.Fatal("the node proposes something else than before")
	}
	for _, result := range n.take(block...) {
		requireResult(t, result, "")
	}
	n.requireSame()
}

// A node that catches up makes many blocks at once. What waits is shown to it behind each of them: it
// stays as long as it is valid, on both sides.
func TestWhatWaitsOutlastsACatchUpUntilItsTimeOut(t *testing.T) {
	n := &offered{net: newNet(t, 3)}
	stays := n.require(n.sign(order{account: 1, fee: 200}, n.send(1, 0)))
	n.require(n.sign(order{account: 2, fee: 200, unordered: true}, n.send(2, 0))) // for a minute
	for range 3 * unseenBlocksMax {
		n.take()
		n.requireSame()
	}
	if len(n.txs) != 2 {
		t.Fatalf("%d wait", len(n.txs))
	}
	for range 4 * unseenBlocksMax {
		n.take()
		n.requireSame()
	}
	if !slices.EqualFunc(n.propose(), [][]byte{stays}, bytes.Equal) {
		t.Fatal("something else is proposed than what is valid yet")
	}
}

func TestWhatAnotherProposerChoseIsAccepted(t *testing.T) {
	n := newNet(t, 2)
	answer, err := n.app.ProcessProposal(&abci.RequestProcessProposal{
		Height: n.height, Time: n.timeOf(n.height),
		Txs: [][]byte{n.sign(order{account: 1, sequence: 7, fee: 200}, n.send(1, 0)), []byte("no transaction")},
	})
	n.must(err)
	if answer.Status != abci.ResponseProcessProposal_ACCEPT {
		t.Fatal(answer.Status)
	}
}

func TestTheSettingsOfTheNodeBoundWhatWaits(t *testing.T) {
	options := simtestutil.AppOptionsMap{"mempool.size": 400, "mempool.max_txs_bytes": int64(4_000)}
	app := New(Current, log.NewNopLogger(), dbm.NewMemDB(), nil, true, options,
		baseapp.SetChainID(chainID))
	if (app.waiting.room != room{count: 300, bytes: 3_000}) {
		t.Fatalf("%+v", app.waiting.room)
	}
}

// BenchmarkCheckTx holds what trying costs against a check without a trial, for a peer that sends what
// fails: nothing counts it here.
func BenchmarkCheckTx(b *testing.B) {
	n, reveal := owing(b, 3)
	wrong := *reveal.(*remestypes.MsgRevealBeacon)
	wrong.Secret = make([]byte, 32)
	stranger := wrong
	stranger.Operator = n.address(2)
	for _, c := range []struct {
		name string
		by   order
		msgs []sdk.Msg
	}{
		{"a transfer", order{account: 1, fee: 200}, []sdk.Msg{n.send(1, 0)}},
		{"a duty of a stranger", order{account: 2, fee: 200}, []sdk.Msg{&stranger}},
		{"a contribution and a wrong opening", order{fee: 200}, []sdk.Msg{commitBeacon(n), &wrong}},
	} {
		b.Run(c.name, func(b *testing.B) {
			c.by.unordered = true
			for b.Loop() {
				b.StopTimer()
				n.app.trials.forget()
				n.app.waiting.forget(n.height + unseenBlocksMax + 1)
				tx := n.sign(c.by, c.msgs...)
				b.StartTimer()
				n.offer(tx)
			}
		})
	}
}
