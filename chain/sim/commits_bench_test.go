package sim

import (
	"crypto/sha256"
	"fmt"
	"os"
	"syscall"
	"testing"
	"time"

	sdk "github.com/cosmos/cosmos-sdk/types"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"

	"r3mes.dev/chain/x/remes/types"
)

const (
	benchPools  = 4
	benchChunks = 256 // of a pool's round, the most there are
	benchMiners = benchPools * benchChunks
)

// BenchmarkBlockOfCommits is a block in which each of 1,024 miners commits to its work, one
// transaction each, with fees, gas and the trees of the state; signatures are not looked at here.
func BenchmarkBlockOfCommits(b *testing.B) {
	chain := trainingChain(b)
	commitment := types.LeafHash(nil)
	var commits []Transaction
	for id := range benchMiners {
		lease := (uint64(id)+1)%benchMiners + 1 // the last of them claimed first
		commits = append(commits, transactionOf(b, &types.MsgCommit{
			Operator: account(minerName(id)), LeaseId: lease, Commitment: commitment[:],
		}))
	}
	before := send(b, chain, Request{Snapshot: &struct{}{}})
	var worked time.Duration
	for b.Loop() {
		begun := processorTime(b)
		accepted(b, block(b, chain, commits...))
		worked += processorTime(b) - begun
		send(b, chain, Request{Restore: &Restore{Snapshot: before.Snapshot}})
	}
	b.ReportMetric(worked.Seconds()/float64(b.N), "processor-s/block")
}

// processorTime is what this process has worked, whoever else keeps the machine busy.
func processorTime(t testing.TB) time.Duration {
	t.Helper()
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		t.Fatal(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

func minerName(id int) string { return fmt.Sprint("miner ", id) }

func transactionOf(t testing.TB, messages ...sdk.Msg) Transaction {
	var transaction Transaction
	for _, msg := range messages {
		transaction.Messages = append(transaction.Messages, message(t, msg))
	}
	return transaction
}

func accepted(t testing.TB, answer Answer) Answer {
	t.Helper()
	for i, result := range answer.Transactions {
		if result.Code != 0 {
			t.Fatalf("transaction %d of height %d: %s", i, answer.Height, result.Log)
		}
	}
	return answer
}

// trainingChain has every chunk of four pools leased, each by a miner of its own.
func trainingChain(t testing.TB) *Chain {
	t.Helper()
	chain := &Chain{}
	balances := map[string]string{account("sponsor"): "1000000000000"}
	for id := range benchMiners {
		balances[account(minerName(id))] = "2000000000"
	}
	if answer := send(t, chain, Request{Start: &Start{
		ChainID: "remesdev-1", Preset: "dev", Time: 1_700_000_000, Balances: balances,
	}}); answer.Error != "" {
		t.Fatal(answer.Error)
	}
	openPools(t, chain)
	var joins, claims []Transaction
	for id := range benchMiners {
		joins = append(joins, join(t, minerName(id)))
		claims = append(claims, transactionOf(t, &types.MsgClaimChunk{
			Operator: account(minerName(id)), PoolId: uint64(id/benchChunks) + 1,
		}))
	}
	accepted(t, block(t, chain, joins...))
	last := len(claims) - 1
	for range 40 { // until an epoch of the beacon has begun the round of the last pool, too
		if block(t, chain, claims[last]).Transactions[0].Code == 0 {
			accepted(t, block(t, chain, claims[:last]...))
			return chain
		}
	}
	t.Fatal("no round begins")
	return nil
}

// openPools registers what pools need, and opens some.
func openPools(t testing.TB, chain *Chain) {
	t.Helper()
	module, err := os.ReadFile("../x/remes/referee/testdata/tile.wasm")
	if err != nil {
		t.Fatal(err)
	}
	authority := authtypes.NewModuleAddress("gov").String()
	referee := sha256.Sum256(module)
	hash := types.LeafHash(nil)
	cid := append([]byte{0x01, 0x55, 0x12, 0x20}, hash[:]...)
	setUp := []sdk.Msg{
		&types.MsgRegisterReferee{Authority: authority, Module: module},
		&types.MsgRegisterModel{Authority: authority, Model: types.Model{
			Name: "genesis-1", Architecture: "bitnet", ManifestCid: cid, BackboneRoot: hash[:],
			TokenizerHash: hash[:], InitialAdapterRoot: hash[:], InitialAdapterCid: cid,
			RefereeId: referee[:], Targets: "q,v", Licence: "Apache-2.0",
			Programs: []types.StepProgram{{
				Root: hash[:], Operations: 10, StateTensors: 2, Rank: 16, Batch: 8, Sequence: 256,
				Optimizer: types.OPTIMIZER_LION, Work: 1_000_000, Weights: 5,
				StateWriters: []uint32{8, 9},
			}},
		}},
		&types.MsgProposeDataset{
			Provider: account("sponsor"), RoyaltyAddress: account("sponsor"), Name: "tales",
			ManifestCid: cid, Root: hash[:], Tokens: 10_000_000, TokenizerHash: hash[:],
			Licence: "CC0-1.0", Shards: 1,
		},
		&types.MsgSetDatasetStatus{Authority: authority, Id: 1, Status: types.STATUS_APPROVED},
	}
	for range benchPools {
		setUp = append(setUp, &types.MsgOpenPool{
			Sponsor: account("sponsor"), ModelId: 1, DatasetId: 1,
			Hyperparameters: types.Hyperparameters{
				LocalSteps: 4, LearningRates: []uint32{1}, Density: 90, OuterMomentum: 128,
				OuterLearningRate: 640,
			},
			ChunksPerRound: benchChunks, Rounds: 2, TrainingBlocks: 200, LeaseBlocks: 100,
			SubmissionsMin: 1, Budget: 600 * types.REMES,
		})
	}
	for _, msg := range setUp {
		accepted(t, block(t, chain, transactionOf(t, msg)))
	}
}
