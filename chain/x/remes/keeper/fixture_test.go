package keeper

import (
	"context"
	"crypto/sha256"
	"fmt"
	"os"
	"testing"
	"time"

	"cosmossdk.io/collections"
	"cosmossdk.io/log"
	"cosmossdk.io/math"
	"cosmossdk.io/store"
	"cosmossdk.io/store/metrics"
	storetypes "cosmossdk.io/store/types"
	cmtproto "github.com/cometbft/cometbft/proto/tendermint/types"
	dbm "github.com/cosmos/cosmos-db"

	addresscodec "github.com/cosmos/cosmos-sdk/codec/address"
	moduletestutil "github.com/cosmos/cosmos-sdk/types/module/testutil"

	"github.com/cosmos/cosmos-sdk/runtime"
	sdk "github.com/cosmos/cosmos-sdk/types"
	sdkerrors "github.com/cosmos/cosmos-sdk/types/errors"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"

	"r3mes.dev/chain/app/params"
	"r3mes.dev/chain/x/remes/types"
)

// bank is a ledger in a map that keeps the bank's promises: nothing is sent that is not there. It
// lives in the store, so that what a failed message did to it is undone with the rest.
type bank struct {
	balances collections.Map[string, uint64]
}

func (b bank) of(ctx context.Context, account string) uint64 {
	amount, err := loadOr(ctx, b.balances, account, 0)
	if err != nil {
		panic(err)
	}
	return amount
}

func (b bank) add(ctx context.Context, account string, amount uint64) error {
	return b.balances.Set(ctx, account, b.of(ctx, account)+amount)
}

func (b bank) sub(ctx context.Context, account string, amount uint64) error {
	if b.of(ctx, account) < amount {
		return sdkerrors.ErrInsufficientFunds
	}
	return b.balances.Set(ctx, account, b.of(ctx, account)-amount)
}

func moduleAddress(name string) string { return authtypes.NewModuleAddress(name).String() }

func (b bank) send(ctx context.Context, from, to string, amount sdk.Coins) error {
	if err := b.sub(ctx, from, amount.AmountOf(Denom).Uint64()); err != nil {
		return err
	}
	return b.add(ctx, to, amount.AmountOf(Denom).Uint64())
}

func (b bank) GetBalance(ctx context.Context, account sdk.AccAddress, denom string) sdk.Coin {
	return sdk.NewCoin(denom, math.NewIntFromUint64(b.of(ctx, account.String())))
}

func (b bank) GetSupply(ctx context.Context, denom string) sdk.Coin {
	values, err := valuesOf(ctx, b.balances, nil)
	if err != nil {
		panic(err)
	}
	var sum uint64
	for _, value := range values {
		sum += value
	}
	return sdk.NewCoin(denom, math.NewIntFromUint64(sum))
}

func (b bank) SendCoinsFromAccountToModule(
	ctx context.Context, from sdk.AccAddress, to string, amount sdk.Coins,
) error {
	return b.send(ctx, from.String(), moduleAddress(to), amount)
}

func (b bank) SendCoinsFromModuleToAccount(
	ctx context.Context, from string, to sdk.AccAddress, amount sdk.Coins,
) error {
	return b.send(ctx, moduleAddress(from), to.String(), amount)
}

func (b bank) SendCoinsFromModuleToModule(
	ctx context.Context, from, to string, amount sdk.Coins,
) error {
	return b.send(ctx, moduleAddress(from), moduleAddress(to), amount)
}

func (b bank) MintCoins(ctx context.Context, module string, amount sdk.Coins) error {
	return b.add(ctx, moduleAddress(module), amount.AmountOf(Denom).Uint64())
}

func (b bank) BurnCoins(ctx context.Context, module string, amount sdk.Coins) error {
	return b.sub(ctx, moduleAddress(module), amount.AmountOf(Denom).Uint64())
}

// world is a chain without a node: the keeper, a bank and a height.
type world struct {
	t      testing.TB
	ctx    sdk.Context
	keeper Keeper
	bank   bank
	msgs   types.MsgServer
	ask    types.QueryServer
	height int64
	// states are the state roots of a chunk, update the root of its update, digest what a verifier got: invented unless a test has
	// real ones.
	states func(chunk uint64) []types.Hash
	update func(chunk uint64) []byte
	digest func(id uint64, name string) []byte
	// layers write what this world holds above its stores down to them, the lowest first.
	layers []func()
	stores storetypes.CommitMultiStore
	// key is that of the module's store.
	key storetypes.StoreKey
}

// storeType is what worlds keep their state in. Plain stores are quickest; what messages cost is
// measured on those of a node.
var storeType = storetypes.StoreTypeDB

const (
	testChain = "remesdev-1"
	purse     = 1_000_000 * types.REMES
)

var authority = moduleAddress("gov")

// newWorld is a chain at height 1 with the parameters of the dev preset, as changed.
func newWorld(t testing.TB, change func(*types.Params)) *world {
	t.Helper()
	key := storetypes.NewKVStoreKey(types.StoreKey)
	bankKey := storetypes.NewKVStoreKey("bank")
	base := memoryContext(t, key, bankKey)
	stores := base.MultiStore().(storetypes.CommitMultiStore)
	builder := collections.NewSchemaBuilder(runtime.NewKVStoreService(bankKey))
	purses := bank{collections.NewMap(
		builder, collections.NewPrefix(0), "balances", collections.StringKey,
		collections.Uint64Value)}
	if _, err := builder.Build(); err != nil {
		t.Fatal(err)
	}
	w := &world{t: t, bank: purses, height: 1, states: states, stores: stores, key: key}
	w.update = func(chunk uint64) []byte { return hashOf("update", chunk) }
	w.digest = func(id uint64, _ string) []byte { return hashOf("digest", id) }
	w.keeper = NewKeeper(Inputs{
		Codec: moduletestutil.MakeTestEncodingConfig().Codec, Store: runtime.NewKVStoreService(key),
		Addresses: addresscodec.NewBech32Codec(params.Prefix), Authority: authority,
		FeeCollector: authtypes.FeeCollectorName, Bank: purses,
	})
	w.msgs, w.ask = NewMsgServer(w.keeper), NewQueryServer(w.keeper)
	w.ctx = base.WithChainID(testChain)
	w.at(1)

	genesis, err := types.DefaultGenesis(types.PresetDev)
	w.must(err)
	change(&genesis.Params[0].Params)
	w.must(genesis.Validate())
	w.must(w.keeper.InitGenesis(w.ctx, *genesis))
	return w
}

// memoryContext mounts stores in memory, plain ones unless storeType says otherwise: no test asks
// for the hash of a tree, and every block of a long sequence would pay for one.
func memoryContext(t testing.TB, keys ...*storetypes.KVStoreKey) sdk.Context {
	t.Helper()
	db := dbm.NewMemDB()
	stores := store.NewCommitMultiStore(db, log.NewNopLogger(), metrics.NewNoOpMetrics())
	for _, key := range keys {
		stores.MountStoreWithDB(key, storeType, nil)
	}
	if err := stores.LoadLatestVersion(); err != nil {
		t.Fatal(err)
	}
	return sdk.NewContext(stores, cmtproto.Header{}, false, log.NewNopLogger())
}

func unchanged(*types.Params) {}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) at(height int64) {
	hash := sha256.Sum256(fmt.Append(nil, "block", height))
	w.height = height
	w.ctx = w.ctx.WithBlockHeight(height).WithBlockTime(time.Unix(1_700_000_000+height, 0)).WithHeaderHash(hash[:])
}

// next ends the block and begins another.
func (w *world) next() {
	w.t.Helper()
	w.must(w.keeper.EndBlock(w.ctx))
	w.must(w.keeper.CheckInvariants(w.ctx))
	w.at(w.height + 1)
	w.must(w.keeper.BeginBlock(w.ctx))
}

// until ends blocks until something holds; it fails after more blocks than any window has.
func (w *world) until(what string, holds func() bool) {
	w.t.Helper()
	for range 500 {
		if holds() {
			return
		}
		w.next()
	}
	w.t.Fatalf("%s: not within 500 blocks", what)
}

// address is the account of a name, with money in its purse.
func (w *world) address(name string) string {
	hash := sha256.Sum256([]byte(name))
	return sdk.AccAddress(hash[:types.AddressSize]).String()
}

func (w *world) fund(name string) string {
	w.must(w.bank.add(w.ctx, w.address(name), purse))
	return w.address(name)
}

// deliver runs a message as a transaction does: what a refused one did is undone.
func deliver[M, R any](w *world, handle func(context.Context, M) (R, error), msg M) (R, error) {
	cached, write := w.ctx.CacheContext()
	response, err := handle(cached, msg)
	if err == nil {
		write()
	}
	return response, err
}

// do runs a message that must succeed.
func do[M, R any](w *world, handle func(context.Context, M) (R, error), msg M) R {
	w.t.Helper()
	response, err := deliver(w, handle, msg)
	w.must(err)
	return response
}

// operatorOf is the hot key of a participant.
func (w *world) operatorOf(name string) string { return w.address(name + "'s operator") }

// join funds a participant and bonds it.
func (w *world) join(name string, role types.Role, amount uint64) {
	w.t.Helper()
	owner := w.fund(name)
	do(w, w.msgs.SetOperator, &types.MsgSetOperator{Owner: owner, Operator: w.operatorOf(name)})
	do(w, w.msgs.Bond, &types.MsgBond{Owner: owner, Role: role, Amount: amount})
}

func hashOf(parts ...any) []byte {
	hash := sha256.Sum256(fmt.Append(nil, parts...))
	return hash[:]
}

func cidOf(
	parts ...any,
) []byte {
	return append([]byte{0x01, 0x55, 0x12, 0x20}, hashOf(parts...)...)
}

const (
	localSteps = 4
	chunks     = 3
)

// register puts a referee, a model and an approved dataset into the registries.
func (w *world) register() (model, dataset uint64) {
	w.t.Helper()
	module, err := os.ReadFile("../referee/testdata/tile.wasm")
	w.must(err)
	id := do(w, w.msgs.RegisterReferee, &types.MsgRegisterReferee{Authority: authority, Module: module}).Id
	model = do(w, w.msgs.RegisterModel, &types.MsgRegisterModel{Authority: authority, Model: testModel(id)}).Id
	w.fund("provider")
	dataset = do(w, w.msgs.ProposeDataset, w.proposal()).Id
	do(w, w.msgs.SetDatasetStatus, &types.MsgSetDatasetStatus{
		Authority: authority, Id: dataset, Status: types.STATUS_APPROVED})
	return model, dataset
}

func testModel(referee []byte) types.Model {
	return types.Model{
		Name:               "genesis-1",
		Architecture:       "bitnet",
		ManifestCid:        cidOf("manifest"),
		BackboneRoot:       hashOf("backbone"),
		TokenizerHash:      hashOf("tokenizer"),
		InitialAdapterRoot: hashOf("adapter", 0),
		InitialAdapterCid:  cidOf("adapter", 0),
		RefereeId:          referee,
		Targets:            "q,v",
		Licence:            "Apache-2.0",
		Programs: []types.StepProgram{{
			Root:         hashOf("program"),
			Operations:   10,
			StateTensors: 6,
			Rank:         16,
			Batch:        8,
			Sequence:     256,
			Optimizer:    types.OPTIMIZER_ADAM,
			Work:         33_600_000_000,
			Weights:      5,
			StateWriters: []uint32{9, 4, 5, 6, 7, 8},
		}},
	}
}

func (w *world) proposal() *types.MsgProposeDataset {
	return &types.MsgProposeDataset{
		Provider:       w.address("provider"),
		RoyaltyAddress: w.address("royalty"),
		Name:           "tales",
		ManifestCid:    cidOf("tales"),
		Root:           hashOf("tales"),
		Tokens:         1_000_000,
		TokenizerHash:  hashOf("tokenizer"),
		Licence:        "CC0-1.0",
		Shards:         1,
	}
}

func (w *world) poolMsg(model, dataset uint64) *types.MsgOpenPool {
	return &types.MsgOpenPool{
		Sponsor: w.address("sponsor"), ModelId: model, DatasetId: dataset,
		Hyperparameters: types.Hyperparameters{
			LocalSteps: localSteps, LearningRates: []uint32{1}, Density: 90, OuterMomentum: 128,
			OuterLearningRate: 640,
		},
		ChunksPerRound: chunks, Rounds: 2, TrainingBlocks: 8, LeaseBlocks: 6, SubmissionsMin: 1,
		Budget: 600 * types.REMES,
	}
}

// openPool registers what a pool needs and opens one.
func (w *world) openPool() uint64 {
	w.t.Helper()
	model, dataset := w.register()
	w.fund("sponsor")
	return do(w, w.msgs.OpenPool, w.poolMsg(model, dataset)).Id
}

func (w *world) pool(id uint64) types.Pool {
	pool, err := w.keeper.Pools.Get(w.ctx, id)
	w.must(err)
	return pool
}

func (w *world) round(pool uint64, number uint32) types.Round {
	round, err := w.keeper.Rounds.Get(w.ctx, collections.Join(pool, number))
	w.must(err)
	return round
}

func (w *world) inPhase(pool uint64, number uint32, phase types.RoundPhase) func() bool {
	return func() bool { return w.round(pool, number).Phase == phase }
}

func (w *world) submission(id uint64) types.Submission {
	submission, err := w.keeper.Submissions.Get(w.ctx, id)
	w.must(err)
	return submission
}

func (w *world) audit(id uint64) types.Audit {
	audit, err := w.keeper.Audits.Get(w.ctx, collections.Join(id, w.submission(id).Draws-1))
	w.must(err)
	return audit
}

func (w *world) bond(name string, role types.Role) types.Bond {
	owner, err := w.keeper.address(w.address(name))
	w.must(err)
	bond, err := w.keeper.bondOf(w.ctx, owner, role)
	w.must(err)
	return bond
}

func (w *world) raw(name string) types.Address {
	owner, err := w.keeper.address(w.address(name))
	w.must(err)
	return types.Address(owner)
}

// nameOf finds whose owner address it is.
func (w *world) nameOf(address string, names ...string) string {
	for _, name := range names {
		if w.address(name) == address {
			return name
		}
	}
	w.t.Fatalf("nobody has the address %s", address)
	return ""
}

// states are the state roots after steps 1 to H of one submission. Trained honestly they depend on
// the chunk alone.
func states(chunk uint64) []types.Hash {
	roots := make([]types.Hash, localSteps)
	for i := range roots {
		roots[i] = types.Hash(hashOf("state", chunk, i+1))
	}
	return roots
}

func (w *world) reveal(lease types.Lease, name string) *types.MsgReveal {
	root := types.StepsRoot(w.states(lease.Chunk))
	return &types.MsgReveal{
		Operator:     w.operatorOf(name),
		SubmissionId: lease.Id,
		StepsRoot:    root[:],
		UpdateRoot:   w.update(lease.Chunk),
		UpdateCid:    cidOf("update", lease.Chunk),
		LossSum:      1000,
		Salt:         hashOf("salt", lease.Id),
	}
}

func (w *world) commitment(lease types.Lease, name string) []byte {
	msg := w.reveal(lease, name)
	place := types.Place{
		Chain: testChain, Pool: lease.PoolId, Round: uint64(lease.Round), Chunk: lease.Chunk,
	}
	hash := types.SubmissionCommitment(place, w.raw(name), types.SubmissionSecret{
		StepsRoot:  types.Hash(msg.StepsRoot),
		UpdateRoot: types.Hash(msg.UpdateRoot),
		UpdateCID:  msg.UpdateCid,
		LossSum:    msg.LossSum,
		Salt:       types.Hash(msg.Salt),
	})
	return hash[:]
}

// lease claims a chunk.
func (w *world) lease(pool uint64, name string) types.Lease {
	w.t.Helper()
	claimed := do(
		w, w.msgs.ClaimChunk, &types.MsgClaimChunk{Operator: w.operatorOf(name), PoolId: pool},
	)
	lease, err := w.keeper.Leases.Get(w.ctx, claimed.LeaseId)
	w.must(err)
	return lease
}

func (w *world) commit(lease types.Lease, name string) {
	w.t.Helper()
	do(w, w.msgs.Commit, &types.MsgCommit{
		Operator: w.operatorOf(name), LeaseId: lease.Id, Commitment: w.commitment(lease, name)})
}

// opening shows the drawn step as an honest miner does.
func (w *world) opening(id uint64, name string) *types.MsgOpenStep {
	submission, audit := w.submission(id), w.audit(id)
	roots := w.states(submission.Chunk)
	var before []byte // the root before step 1 follows from the adapter
	var indices []uint64
	if audit.Step > 1 {
		before = roots[audit.Step-2][:]
		indices = append(indices, uint64(audit.Step-2))
	}
	indices = append(indices, uint64(audit.Step-1))
	if audit.Step < localSteps {
		indices = append(indices, localSteps-1)
	}
	msg := &types.MsgOpenStep{
		Operator:     w.operatorOf(name),
		SubmissionId: id,
		Opening: types.Opening{
			Step:           audit.Step,
			RootBefore:     before,
			RootAfter:      roots[audit.Step-1][:],
			RootFinal:      roots[localSteps-1][:],
			StateBeforeCid: cidOf("before", id),
			StateFinalCid:  cidOf("final", id),
		},
	}
	for _, hash := range types.ProveSlots(roots, indices) {
		msg.Proof.Hashes = append(msg.Proof.Hashes, append([]byte(nil), hash[:]...))
	}
	return msg
}

// verdict is what a verifier reveals about a submission.
func (w *world) verdict(id uint64, name string, verdict types.Verdict) *types.MsgRevealVerdict {
	msg := &types.MsgRevealVerdict{
		Operator:     w.operatorOf(name),
		SubmissionId: id,
		Verdict:      verdict,
		Salt:         hashOf("verdict", id, name),
	}
	if verdict == types.VERDICT_VALID || verdict == types.VERDICT_UPDATE_INVALID {
		msg.Root, msg.Digest = w.submission(id).Opening.RootAfter, w.digest(id, name)
	}
	if verdict == types.VERDICT_INVALID {
		msg.Root, msg.Digest = hashOf("other root"), w.digest(id, name)
	}
	return msg
}

func (w *world) verdictCommitment(msg *types.MsgRevealVerdict, name string) []byte {
	secret := types.VerdictSecret{Verdict: msg.Verdict, Salt: types.Hash(msg.Salt)}
	if len(msg.Root) > 0 {
		root, digest := types.Hash(msg.Root), types.Hash(msg.Digest)
		secret.Root, secret.Digest = &root, &digest
	}
	submission := w.submission(msg.SubmissionId)
	hash, err := types.VerdictCommitment(
		submission.Place(testChain), w.audit(submission.Id).Draw, w.raw(name), secret)
	w.must(err)
	return hash[:]
}

// judge commits and reveals a verdict of every drawn verifier that has one.
func (w *world) judge(id uint64, verdicts map[string]types.Verdict, names ...string) {
	w.t.Helper()
	var drawn []string
	for _, seat := range w.audit(id).Seats {
		drawn = append(drawn, w.nameOf(seat.Verifier, names...))
	}
	for _, name := range drawn {
		if verdict, speaks := verdicts[name]; speaks {
			msg := w.verdict(id, name, verdict)
			do(w, w.msgs.CommitVerdict, &types.MsgCommitVerdict{
				Operator:     w.operatorOf(name),
				SubmissionId: id,
				Commitment:   w.verdictCommitment(msg, name),
			})
		}
	}
	w.until("verdicts open", func() bool {
		phase := w.audit(id).Phase
		return phase == types.AUDIT_PHASE_REVEAL || phase == types.AUDIT_PHASE_SETTLED
	})
	for _, name := range drawn {
		if verdict, speaks := verdicts[name]; speaks {
			do(w, w.msgs.RevealVerdict, w.verdict(id, name, verdict))
		}
	}
}
