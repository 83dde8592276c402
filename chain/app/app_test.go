package app

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"cosmossdk.io/log"
	"cosmossdk.io/math"
	abci "github.com/cometbft/cometbft/abci/types"
	cmttypes "github.com/cometbft/cometbft/types"
	dbm "github.com/cosmos/cosmos-db"

	"github.com/cosmos/cosmos-sdk/baseapp"
	clienttx "github.com/cosmos/cosmos-sdk/client/tx"
	"github.com/cosmos/cosmos-sdk/crypto/keys/secp256k1"
	"github.com/cosmos/cosmos-sdk/testutil/mock"
	simtestutil "github.com/cosmos/cosmos-sdk/testutil/sims"
	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/cosmos/cosmos-sdk/types/tx/signing"
	authsigning "github.com/cosmos/cosmos-sdk/x/auth/signing"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"
	banktypes "github.com/cosmos/cosmos-sdk/x/bank/types"
	govv1beta1 "github.com/cosmos/cosmos-sdk/x/gov/types/v1beta1"

	"r3mes.dev/chain/app/params"
	remestypes "r3mes.dev/chain/x/remes/types"
)

const chainID = "remesdev-1"

// net is a chain of one validator in memory, with funded accounts.
type net struct {
	t      testing.TB
	app    *App
	db     dbm.DB
	keys   []*secp256k1.PrivKey
	height int64
	// nonce tells unordered transactions of one account apart.
	nonce int64
}

func newApp() *App { return appOn(dbm.NewMemDB()) }

// appOn is the app of a process that starts on a database.
func appOn(db dbm.DB) *App {
	return New(
		Current, log.NewNopLogger(), db, nil, true, simtestutil.EmptyAppOptions{},
		baseapp.SetChainID(chainID),
	)
}

func newNet(t testing.TB, accounts int) *net {
	t.Helper()
	db := dbm.NewMemDB()
	n := &net{t: t, app: appOn(db), db: db}
	public, err := mock.NewPV().GetPubKey()
	n.must(err)
	validators := cmttypes.NewValidatorSet([]*cmttypes.Validator{cmttypes.NewValidator(public, 1)})
	var genesis []authtypes.GenesisAccount
	var balances []banktypes.Balance
	for i := range accounts {
		key := secp256k1.GenPrivKeyFromSecret(fmt.Append(nil, "account ", i))
		address := sdk.AccAddress(key.PubKey().Address())
		n.keys = append(n.keys, key)
		genesis = append(genesis, authtypes.NewBaseAccount(address, key.PubKey(), uint64(i), 0))
		balances = append(balances, banktypes.Balance{
			Address: address.String(),
			Coins:   sdk.NewCoins(sdk.NewInt64Coin(params.Denom, 1_000_000_000_000)),
		})
	}
	defaults := n.app.Basics.DefaultGenesis(n.app.Codec())
	state, err := simtestutil.GenesisStateWithValSet(
		n.app.Codec(), defaults, validators, genesis, balances...,
	)
	n.must(err)
	text, err := json.Marshal(state)
	n.must(err)
	n.start(text, 1)
	return n
}

func (n *net) start(state []byte, height int64) {
	n.t.Helper()
	_, err := n.app.InitChain(&abci.RequestInitChain{
		ChainId:         chainID,
		ConsensusParams: simtestutil.DefaultConsensusParams,
		AppStateBytes:   state,
		InitialHeight:   height,
		Time:            n.timeOf(height),
	})
	n.must(err)
	n.height = height
	n.block()
}

func (n *net) must(err error) {
	n.t.Helper()
	if err != nil {
		n.t.Fatal(err)
	}
}

func (n *net) timeOf(height int64) time.Time { return time.Unix(1_700_000_000+height, 0).UTC() }

// block makes a block of transactions and returns what became of each.
func (n *net) block(txs ...[]byte) []*abci.ExecTxResult {
	n.t.Helper()
	result, err := n.app.FinalizeBlock(&abci.RequestFinalizeBlock{
		Height: n.height,
		Time:   n.timeOf(n.height),
		Txs:    txs,
		Hash:   fmt.Appendf(nil, "%032d", n.height),
	})
	n.must(err)
	_, err = n.app.Commit()
	n.must(err)
	n.height++
	return result.TxResults
}

// openEpoch makes blocks until the reveals of epoch 1 are open.
func (n *net) openEpoch() {
	n.t.Helper()
	dev, err := remestypes.PresetParams(remestypes.PresetDev)
	n.must(err)
	for n.app.LastBlockHeight() < int64(dev.Beacon.EpochBlocks) {
		n.block()
	}
}

func (n *net) address(account int) string {
	return sdk.AccAddress(n.keys[account].PubKey().Address()).String()
}

// order is how a transaction is signed.
type order struct {
	account, sequence int
	fee               int64
	gas               uint64 // 200,000 unless it is said
	unordered         bool
	mode              signing.SignMode
}

// sign builds a signed transaction.
func (n *net) sign(o order, msgs ...sdk.Msg) []byte {
	n.t.Helper()
	key, config := n.keys[o.account], n.app.TxConfig()
	if o.mode == signing.SignMode_SIGN_MODE_UNSPECIFIED {
		o.mode = signing.SignMode_SIGN_MODE_DIRECT
	}
	builder := config.NewTxBuilder()
	n.must(builder.SetMsgs(msgs...))
	if o.gas == 0 {
		o.gas = 200_000
	}
	builder.SetGasLimit(o.gas)
	builder.SetFeeAmount(sdk.NewCoins(sdk.NewInt64Coin(params.Denom, o.fee)))
	if o.unordered {
		n.nonce++
		builder.SetUnordered(true)
		builder.SetTimeoutTimestamp(n.timeOf(n.height).Add(time.Minute + time.Duration(n.nonce)))
	}
	sequence := uint64(o.sequence)
	n.must(builder.SetSignatures(signing.SignatureV2{
		PubKey: key.PubKey(), Sequence: sequence, Data: &signing.SingleSignatureData{
			SignMode: o.mode,
		},
	}))
	signature, err := clienttx.SignWithPrivKey(context.Background(), o.mode, authsigning.SignerData{
		ChainID:       chainID,
		AccountNumber: uint64(o.account),
		Sequence:      sequence,
		PubKey:        key.PubKey(),
		Address:       n.address(o.account),
	}, builder, key, config, sequence)
	n.must(err)
	n.must(builder.SetSignatures(signature))
	bytes, err := config.TxEncoder()(builder.GetTx())
	n.must(err)
	return bytes
}

func (n *net) send(from, to int) sdk.Msg {
	return &banktypes.MsgSend{
		FromAddress: n.address(from),
		ToAddress:   n.address(to),
		Amount:      sdk.NewCoins(sdk.NewInt64Coin(params.Denom, 1)),
	}
}

func requireResult(t *testing.T, result *abci.ExecTxResult, says string) {
	t.Helper()
	if says == "" && result.Code != 0 {
		t.Fatalf("refused: %s", result.Log)
	}
	if says != "" && !strings.Contains(result.Log, says) {
		t.Fatalf("got code %d, %q, want a refusal about %q", result.Code, result.Log, says)
	}
}

func TestOrdersOfTheModulesAreWhatTheyMustBe(t *testing.T) {
	app := newApp()
	if !slices.Equal(app.modules.OrderPreBlockers, []string{"upgrade", "auth"}) {
		t.Errorf("pre-blockers: %v", app.modules.OrderPreBlockers)
	}
	if last := app.modules.OrderEndBlockers[len(app.modules.OrderEndBlockers)-1]; last != remestypes.ModuleName {
		t.Errorf("the last end-blocker is %s", last)
	}
	for name := range app.modules.Modules {
		if !slices.Contains(app.modules.OrderInitGenesis, name) {
			t.Errorf("%s has no place in the order of genesis", name)
		}
	}
}

func TestTheNodeHasTheVersionOfTheRepository(t *testing.T) {
	text, err := os.ReadFile("../../package.json")
	if err != nil {
		t.Fatal(err)
	}
	var manifest struct{ Version string }
	if err := json.Unmarshal(text, &manifest); err != nil {
		t.Fatal(err)
	}
	if Version != manifest.Version {
		t.Fatalf("the node is %s, the repository %s", Version, manifest.Version)
	}
}

func TestOnlyTheRewardAccountMints(t *testing.T) {
	for name, permissions := range moduleAccounts {
		if slices.Contains(permissions, authtypes.Minter) != (name == remestypes.RewardAccountName) {
			t.Errorf("%s may do %v", name, permissions)
		}
	}
}

func TestAProposerCannotIncludeFreeTransactions(t *testing.T) {
	n := newNet(t, 2)
	results := n.block(n.sign(order{fee: 199}, n.send(0, 1)))
	requireResult(t, results[0], "insufficient fee")
	results = n.block(n.sign(order{fee: 200}, n.send(0, 1)))
	requireResult(t, results[0], "")
}

func TestATransactionCannotAskForMoreGasThanIsAllowed(t *testing.T) {
	n := newNet(t, 2)
	ctx := n.app.NewContext(true).WithBlockHeight(n.height)
	scheduled, err := n.app.Remes.ParamsAt(ctx, n.height)
	n.must(err)
	scheduled.Params.Block.TxGasMax = 199_999
	n.must(n.app.Remes.Params.Set(ctx, 0, scheduled.Params))
	fee, _, err := n.app.checkFee(ctx, mustDecode(n, n.sign(order{fee: 1_000}, n.send(0, 1))))
	if err == nil {
		t.Fatalf("accepted for %s", fee)
	}
}

func mustDecode(n *net, bytes []byte) sdk.Tx {
	tx, err := n.app.TxConfig().TxDecoder()(bytes)
	n.must(err)
	return tx
}

func TestUnorderedTransactionsNeedNoSequenceAndRunOnce(t *testing.T) {
	n := newNet(t, 2)
	first := n.sign(order{fee: 200, unordered: true}, n.send(0, 1))
	second := n.sign(order{fee: 200, unordered: true}, n.send(0, 1))
	for _, result := range n.block(second, first) {
		requireResult(t, result, "")
	}
	if result := n.block(first)[0]; result.Code == 0 {
		t.Fatal("an unordered transaction ran twice")
	}
}

func TestMessagesOfTheModuleRunThroughTheNode(t *testing.T) {
	n := newNet(t, 2)
	operate := &remestypes.MsgSetOperator{Owner: n.address(0), Operator: n.address(1)}
	bond := &remestypes.MsgBond{
		Owner: n.address(0), Role: remestypes.ROLE_MINER, Amount: 1_000 * remestypes.REMES,
	}
	requireResult(t, n.block(n.sign(order{fee: 200}, operate, bond))[0], "")

	// Hardware wallets sign amino JSON.
	amino := order{fee: 200, sequence: 1, mode: signing.SignMode_SIGN_MODE_LEGACY_AMINO_JSON}
	requireResult(t, n.block(n.sign(amino, bond))[0], "")

	// Somebody else cannot sign for the owner.
	requireResult(
		t, n.block(n.sign(order{account: 1, fee: 200}, bond))[0], "pubKey does not match signer",
	)

	requireResult(t, n.block(n.sign(order{fee: 200, sequence: 2}, &remestypes.MsgBond{
		Owner: n.address(0), Role: remestypes.ROLE_VERIFIER,
		Amount: 1}))[0], "below the minimum of its role")

	ctx := n.app.NewContext(true)
	n.must(n.app.Remes.CheckInvariants(ctx))
	held := n.app.Bank.GetBalance(
		ctx, authtypes.NewModuleAddress(remestypes.BondAccountName), params.Denom,
	)
	if !held.Amount.Equal(math.NewInt(2_000 * remestypes.REMES)) {
		t.Fatalf("the bond account holds %s", held)
	}
}

func TestATextProposalOfAnOldWalletIsAccepted(t *testing.T) {
	n := newNet(t, 1)
	deposit := sdk.NewCoins(sdk.NewInt64Coin(params.Denom, remestypes.REMES))
	msg, err := govv1beta1.NewMsgSubmitProposal(
		govv1beta1.NewTextProposal("Title", "Description"), deposit,
		sdk.AccAddress(n.keys[0].PubKey().Address()),
	)
	n.must(err)
	requireResult(t, n.block(n.sign(order{fee: 200}, msg))[0], "")
}

func TestDutiesAndContributionsAreRefundedAndNothingElseIs(t *testing.T) {
	n := newNet(t, 2)
	operate := &remestypes.MsgSetOperator{Owner: n.address(0), Operator: n.address(1)}
	bond := &remestypes.MsgBond{
		Owner: n.address(0), Role: remestypes.ROLE_VERIFIER, Amount: 5_000 * remestypes.REMES,
	}
	requireResult(t, n.block(n.sign(order{fee: 200}, operate, bond))[0], "")

	secret := remestypes.LeafHash([]byte("secret"))
	owner := remestypes.Address(n.keys[0].PubKey().Address())
	commitment := remestypes.BeaconCommitmentHash(chainID, 1, owner, secret)
	commit := &remestypes.MsgCommitBeacon{
		Operator: n.address(1), Epoch: 1, Commitment: commitment[:],
	}
	reveal := &remestypes.MsgRevealBeacon{Operator: n.address(1), Epoch: 1, Secret: secret[:]}
	purse := func() int64 {
		return n.app.Bank.GetBalance(
			n.app.NewContext(true), sdk.AccAddress(n.keys[1].PubKey().Address()),
			params.Denom).Amount.Int64()
	}

	full := purse()
	requireResult(t, n.block(n.sign(order{account: 1, fee: 200}, commit))[0], "")
	if purse() != full { // nobody is paid for one, and everybody needs it
		t.Fatalf("a contribution cost %d", full-purse())
	}
	n.openEpoch()
	// A duty beside something else is not refunded, and neither is one that fails.
	requireResult(
		t, n.block(n.sign(order{account: 1, sequence: 1, fee: 200}, reveal, n.send(1, 1)))[0], "",
	)
	if purse() != full-200 {
		t.Fatalf("a mixed transaction cost %d", full-purse())
	}
	requireResult(
		t, n.block(n.sign(order{account: 1, sequence: 2, fee: 200}, reveal))[0],
		"No beacon commitment was made", // all are open, so the value is final
	)
	if purse() != full-400 {
		t.Fatalf("a failed duty cost %d", full-200-purse())
	}
}

func TestASuccessfulDutyIsFree(t *testing.T) {
	n := newNet(t, 2)
	bond := &remestypes.MsgBond{
		Owner: n.address(0), Role: remestypes.ROLE_VERIFIER, Amount: 5_000 * remestypes.REMES,
	}
	operate := &remestypes.MsgSetOperator{Owner: n.address(0), Operator: n.address(0)}
	secret := remestypes.LeafHash([]byte("secret"))
	owner := remestypes.Address(n.keys[0].PubKey().Address())
	commitment := remestypes.BeaconCommitmentHash(chainID, 1, owner, secret)
	commit := &remestypes.MsgCommitBeacon{
		Operator: n.address(0), Epoch: 1, Commitment: commitment[:],
	}
	requireResult(t, n.block(n.sign(order{fee: 200}, operate, bond, commit))[0], "")
	n.openEpoch()
	purse := func() sdk.Coin {
		return n.app.Bank.GetBalance(
			n.app.NewContext(true), sdk.AccAddress(n.keys[0].PubKey().Address()), params.Denom)
	}
	before := purse()
	reveal := &remestypes.MsgRevealBeacon{Operator: n.address(0), Epoch: 1, Secret: secret[:]}
	requireResult(t, n.block(n.sign(order{sequence: 1, fee: 200}, reveal))[0], "")
	if after := purse(); !after.IsEqual(before) {
		t.Fatalf("a duty cost %s", before.Sub(after))
	}
}

func TestADutyThatAsksForFarTooMuchGasIsNotFree(t *testing.T) {
	n, reveal := owing(t, 1)
	purse := func() int64 {
		return n.app.Bank.GetBalance(
			n.app.NewContext(true), sdk.AccAddress(n.keys[0].PubKey().Address()),
			params.Denom).Amount.Int64()
	}
	before := purse()
	greedy := order{fee: 10_000, gas: 10_000_000, unordered: true}
	requireResult(t, n.block(n.sign(greedy, reveal))[0], "")
	if cost := before - purse(); cost != greedy.fee {
		t.Fatalf("a tenth of a block cost %d", cost)
	}
}

func TestAnExportedChainStartsAgain(t *testing.T) {
	n := newNet(t, 2)
	operate := &remestypes.MsgSetOperator{Owner: n.address(0), Operator: n.address(1)}
	bond := &remestypes.MsgBond{
		Owner: n.address(0), Role: remestypes.ROLE_VERIFIER, Amount: 5_000 * remestypes.REMES,
	}
	requireResult(t, n.block(n.sign(order{fee: 200}, operate, bond))[0], "")
	for range 20 {
		n.block()
	}
	sent := n.sign(order{fee: 200, unordered: true}, n.send(0, 1))
	requireResult(t, n.block(sent)[0], "")
	exported, err := n.app.Export(nil)
	n.must(err)

	_, err = newApp().InitChain(&abci.RequestInitChain{
		ChainId: chainID, ConsensusParams: simtestutil.DefaultConsensusParams,
		AppStateBytes: exported.AppState, InitialHeight: exported.Height, Time: n.timeOf(1),
	})
	if err == nil || !strings.Contains(err.Error(), "must begin later") {
		t.Fatalf("a chain began before its state: %v", err)
	}
	again := &net{t: t, app: newApp(), keys: n.keys}
	again.start(exported.AppState, exported.Height)
	requireResult(t, again.block(sent)[0], "already used timeout")
	for range 10 {
		again.block()
	}
	ctx := again.app.NewContext(true)
	n.must(again.app.Remes.CheckInvariants(ctx))
	response, err := again.app.Remes.Bonds.Iterate(ctx, nil)
	n.must(err)
	bonds, err := response.Values()
	n.must(err)
	if len(bonds) != 1 || bonds[0].Amount != 5_000*remestypes.REMES {
		t.Fatalf("the bonds are %v", bonds)
	}
}

func BenchmarkBlockOfSends(b *testing.B) {
	const accounts = 100
	n := newNet(b, accounts)
	sequence := 0
	for b.Loop() {
		b.StopTimer()
		txs := make([][]byte, accounts)
		for i := range txs {
			txs[i] = n.sign(
				order{account: i, sequence: sequence, fee: 200}, n.send(i, (i+1)%accounts),
			)
		}
		sequence++
		b.StartTimer()
		n.block(txs...)
	}
	b.ReportMetric(float64(b.N*accounts)/b.Elapsed().Seconds(), "tx/s")
}
