package network

import (
	"bytes"
	"context"
	"fmt"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"cosmossdk.io/log"
	dbm "github.com/cosmos/cosmos-db"

	"github.com/cosmos/cosmos-sdk/client"
	simtestutil "github.com/cosmos/cosmos-sdk/testutil/sims"
	genutiltypes "github.com/cosmos/cosmos-sdk/x/genutil/types"

	"r3mes.dev/chain/app"
	remestypes "r3mes.dev/chain/x/remes/types"
)

const (
	chainID        = "remesdev-1"
	blockTime      = time.Second
	snapshotBlocks = 5
	// patience is how long anything may take on the busiest machine before a test gives up.
	patience = 3 * time.Minute
	// participants have accounts beside the validators'.
	participants = 2
)

// network is a chain of a few validators on this machine.
type network struct {
	t          *testing.T
	validators []*validator
	accounts   []account
	// lender has the codecs of the chain, and no state.
	lender *app.App
	// nonce tells unordered transactions of one account apart.
	nonce int64
}

func newLender() *app.App {
	return app.New(
		app.Current, log.NewNopLogger(), dbm.NewMemDB(), nil, false, simtestutil.EmptyAppOptions{},
	)
}

// prepare makes the homes of a new network, and starts nothing.
func prepare(t *testing.T, validators int) *network {
	t.Helper()
	n := &network{t: t, lender: newLender()}
	folder, ports := t.TempDir(), freePorts(t, 2*validators)
	for i := range validators + participants {
		n.accounts = append(n.accounts, newAccount(i))
	}
	for i := range validators {
		home := filepath.Join(folder, fmt.Sprintf("validator-%d", i))
		v, err := newValidator(home, n.accounts[i], ports[2*i], ports[2*i+1])
		n.must(err)
		n.validators = append(n.validators, v)
	}
	for _, v := range n.validators {
		v.meet(n.peers())
	}
	n.share(n.genesis())
	t.Cleanup(n.end)
	return n
}

// newNetwork prepares a network of four, whose fault tolerance is one, and waits for its blocks.
func newNetwork(t *testing.T) *network {
	t.Helper()
	return newNetworkOf(t, "current")
}

// newNetworkOf is newNetwork with nodes of a release.
func newNetworkOf(t *testing.T, release string) *network {
	t.Helper()
	n := prepare(t, 4)
	n.start(release, n.validators...)
	n.reach(2)
	return n
}

func (n *network) peers() (addresses []string) {
	for _, v := range n.validators {
		addresses = append(addresses, v.peer)
	}
	return addresses
}

// share gives every node the same genesis.
func (n *network) share(genesis *genutiltypes.AppGenesis) {
	n.t.Helper()
	for _, v := range n.validators {
		n.must(genesis.SaveAs(v.config.GenesisFile()))
	}
}

func (n *network) start(release string, validators ...*validator) {
	n.t.Helper()
	for _, v := range validators {
		running, err := startProcess(release, v.home)
		n.must(err)
		v.running = running
	}
}

// stop asks nodes to end and waits until they have.
func (n *network) stop(validators ...*validator) {
	n.t.Helper()
	for _, v := range validators {
		_ = syscall.Kill(v.running.pid, syscall.SIGTERM) // one that has ended needs no asking
	}
	for _, v := range validators {
		select {
		case <-v.running.ended:
			v.running = nil
		case <-time.After(patience):
			n.t.Fatalf("%s does not end when it is asked to", v.name)
		}
	}
}

// kill ends a node as a power cut does.
func (n *network) kill(v *validator) {
	v.running.signal(syscall.SIGKILL)
	v.running = nil
}

// end leaves no process behind, and says after a failure what the nodes said.
func (n *network) end() {
	for _, v := range n.validators {
		if v.running != nil {
			v.running.signal(syscall.SIGKILL)
		}
		if n.t.Failed() {
			n.t.Logf("%s:\n%s", v.name, lastLines(v.home, 15))
		}
	}
}

func (n *network) must(err error) {
	n.t.Helper()
	if err != nil {
		n.t.Fatal(err)
	}
}

// eventually waits until nothing speaks against a condition. A node that ends meanwhile without
// being told to has failed the test.
func (n *network) eventually(what string, objection func() error) {
	n.t.Helper()
	deadline := time.Now().Add(patience)
	for {
		err := objection()
		if err == nil {
			return
		}
		for _, v := range n.validators {
			if v.running != nil && v.running.hasEnded() {
				n.t.Fatalf("%s: %s has ended", what, v.name)
			}
		}
		if time.Now().After(deadline) {
			n.t.Fatalf("%s: not within %s: %v", what, patience, err)
		}
		time.Sleep(200 * time.Millisecond)
	}
}

// up are the validators that run.
func (n *network) up() (running []*validator) {
	for _, v := range n.validators {
		if v.running != nil {
			running = append(running, v)
		}
	}
	return running
}

// reach waits until every running node has the block of a height.
func (n *network) reach(height int64) {
	n.t.Helper()
	for _, v := range n.up() {
		n.eventually("the network makes blocks", func() error { return v.reached(height) })
	}
}

// progress waits until every running node has some more blocks, and returns the height.
func (n *network) progress(blocks int64) int64 {
	n.t.Helper()
	height, err := n.up()[0].height()
	n.must(err)
	n.reach(height + blocks)
	return height + blocks
}

// awaitSignature waits for a new block under which a node's signature is.
func (n *network) awaitSignature(v *validator) {
	n.t.Helper()
	witness := n.up()[0]
	height, err := witness.height()
	n.must(err)
	n.eventually(v.name+" signs", func() error {
		if err := witness.reached(height + 2); err != nil {
			return err
		}
		height++
		return v.signed(height, witness)
	})
}

// requireOneState holds what each node says of its own state against what the others signed in the
// block behind it.
func (n *network) requireOneState() {
	n.t.Helper()
	running := n.up()
	for i, v := range running {
		info, err := v.client.ABCIInfo(context.Background())
		n.must(err)
		other, next := running[(i+1)%len(running)], info.Response.LastBlockHeight+1
		n.eventually("the next block is signed", func() error { return other.reached(next) })
		commit, err := other.client.Commit(context.Background(), &next)
		n.must(err)
		if !bytes.Equal(info.Response.LastBlockAppHash, commit.AppHash) {
			n.t.Fatalf("at height %d %s has the state %X, the others have %X",
				next-1, v.name, info.Response.LastBlockAppHash, commit.AppHash)
		}
	}
}

// ask is a connection for queries to a node's state of a height; 0 is the latest.
func (n *network) ask(v *validator, height int64) client.Context {
	return client.Context{}.
		WithClient(v.client).WithHeight(height).WithCodec(n.lender.Codec()).
		WithInterfaceRegistry(n.lender.InterfaceRegistry())
}

// requireBalance holds the module's accounts against its records and returns its sums.
func (n *network) requireBalance(v *validator) remestypes.Totals {
	n.t.Helper()
	supply, err := remestypes.NewQueryClient(n.ask(v, 0)).Supply(
		context.Background(), &remestypes.QuerySupplyRequest{},
	)
	n.must(err)
	for _, balance := range supply.Balances {
		if balance.Held != balance.Recorded {
			n.t.Fatalf("%s holds %d uremes, the records say %d",
				balance.Account, balance.Held, balance.Recorded)
		}
	}
	return supply.Totals
}

// populate fills the module's store: a miner, a verifier that takes some of its bond back, and an
// open pool whose rounds go by.
func (n *network) populate() {
	n.t.Helper()
	miner, verifier := n.accounts[len(n.validators)], n.accounts[len(n.validators)+1]
	v := n.validators[0]
	operate := func(a account) *remestypes.MsgSetOperator {
		return &remestypes.MsgSetOperator{Owner: a.address.String(), Operator: a.address.String()}
	}
	n.do(v, miner, operate(miner),
		&remestypes.MsgBond{
			Owner: miner.address.String(), Role: remestypes.ROLE_MINER,
			Amount: 1_000 * remestypes.REMES,
		},
		&remestypes.MsgOpenPool{
			Sponsor: miner.address.String(), ModelId: 1, DatasetId: 1,
			Hyperparameters: remestypes.Hyperparameters{
				LocalSteps: 4, LearningRates: []uint32{1}, Density: 90, OuterMomentum: 128,
				OuterLearningRate: 640,
			},
			ChunksPerRound: 3, Rounds: 100, TrainingBlocks: 8, LeaseBlocks: 6, SubmissionsMin: 1,
			Budget: 60_000 * remestypes.REMES,
		})
	n.do(v, verifier, operate(verifier),
		&remestypes.MsgBond{
			Owner: verifier.address.String(), Role: remestypes.ROLE_VERIFIER,
			Amount: 7_000 * remestypes.REMES,
		},
		&remestypes.MsgUnbond{
			Owner: verifier.address.String(), Role: remestypes.ROLE_VERIFIER,
			Amount: 2_000 * remestypes.REMES,
		})
}
