package sim

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"cosmossdk.io/log"
	"cosmossdk.io/store"
	pruningtypes "cosmossdk.io/store/pruning/types"
	abci "github.com/cometbft/cometbft/abci/types"
	cmtproto "github.com/cometbft/cometbft/proto/tendermint/types"
	dbm "github.com/cosmos/cosmos-db"

	"github.com/cosmos/cosmos-sdk/baseapp"
	codectypes "github.com/cosmos/cosmos-sdk/codec/types"
	sdk "github.com/cosmos/cosmos-sdk/types"

	"r3mes.dev/chain/app"
	"r3mes.dev/chain/app/params"
	remestypes "r3mes.dev/chain/x/remes/types"
)

// Chain is a simulated chain. It is not safe for use by several goroutines.
type Chain struct {
	app       *app.App
	db        *dbm.MemDB
	chainID   string
	height    int64
	time      time.Time
	appHash   string
	snapshots []snapshot
	whole     checked
}

// snapshot is everything that a chain is, at one height.
type snapshot struct {
	chainID string
	height  int64
	time    time.Time
	keys    [][]byte
	values  [][]byte
}

var errNotStarted = errors.New("no chain is started")

// noOptions are the settings of a node that has none.
type noOptions struct{}

func (noOptions) Get(string) any { return nil }

// Handle answers one request.
func (c *Chain) Handle(request Request) Answer {
	answer, err := c.handle(request)
	if err != nil {
		answer.Error = err.Error()
	}
	if c.app != nil {
		answer.Height = c.height
		answer.AppHash = c.appHash
	}
	return answer
}

func (c *Chain) handle(request Request) (Answer, error) {
	switch {
	case request.Start != nil:
		return Answer{}, c.start(*request.Start)
	case c.app == nil:
		return Answer{}, errNotStarted
	case request.Block != nil:
		return c.block(*request.Block)
	case request.Query != nil:
		return c.query(*request.Query)
	case request.Simulate != nil:
		used, _, err := c.app.Simulate(request.Simulate.Raw)
		return Answer{GasUsed: used.GasUsed}, err
	case request.Snapshot != nil:
		return c.snapshot()
	case request.Restore != nil:
		return Answer{}, c.restore(request.Restore.Snapshot)
	}
	return Answer{}, errors.New("the request asks for nothing")
}

// open builds the state machine on a database.
func (c *Chain) open(db *dbm.MemDB, chainID string) error {
	opened, err := app.NewSimulated(log.NewNopLogger(), db, noOptions{},
		baseapp.SetChainID(chainID),
		baseapp.SetPruning(pruningtypes.NewPruningOptions(pruningtypes.PruningEverything)),
		baseapp.SetIAVLDisableFastNode(true),
		baseapp.SetInterBlockCache(store.NewCommitKVStoreCacheManager()))
	if err != nil {
		return err
	}
	c.app, c.db, c.chainID = opened, db, chainID
	return nil
}

func (c *Chain) start(s Start) error {
	if err := c.open(dbm.NewMemDB(), s.ChainID); err != nil {
		return err
	}
	state, err := genesis(c.app, s)
	if err != nil {
		c.app = nil
		return err
	}
	c.height, c.time = 0, time.Unix(s.Time, 0).UTC()
	_, err = c.app.InitChain(&abci.RequestInitChain{
		ChainId: s.ChainID, AppStateBytes: state, InitialHeight: 1, Time: c.time,
		ConsensusParams: &cmtproto.ConsensusParams{
			Block:     &cmtproto.BlockParams{MaxBytes: -1, MaxGas: -1},
			Validator: &cmtproto.ValidatorParams{PubKeyTypes: []string{"ed25519"}},
			Evidence: &cmtproto.EvidenceParams{
				MaxAgeNumBlocks: 1, MaxAgeDuration: time.Second, MaxBytes: 1,
			},
		},
	})
	if err != nil {
		c.app = nil
		return err
	}
	_, err = c.block(Block{})
	return err
}

func (c *Chain) block(b Block) (Answer, error) {
	txs := make([][]byte, len(b.Transactions))
	for i, transaction := range b.Transactions {
		tx, err := c.encode(transaction)
		if err != nil {
			return Answer{}, fmt.Errorf("transaction %d: %w", i, err)
		}
		txs[i] = tx
	}
	height, now := c.height+1, c.time.Add(time.Duration(b.Seconds)*time.Second)
	hash := sha256.Sum256(fmt.Appendf(nil, "%s/%d", c.chainID, height))
	result, err := c.app.FinalizeBlock(&abci.RequestFinalizeBlock{
		Height: height, Time: now, Txs: txs, Hash: hash[:],
	})
	if err != nil {
		return Answer{}, err
	}
	if _, err := c.app.Commit(); err != nil {
		return Answer{}, err
	}
	c.height, c.time, c.appHash = height, now, hex.EncodeToString(result.AppHash)
	answer := Answer{Events: eventsOf(result.Events)}
	for _, r := range result.TxResults {
		answer.Transactions = append(answer.Transactions, Result{
			Code: r.Code, Codespace: r.Codespace, Log: r.Log, GasUsed: r.GasUsed, Data: r.Data,
			Events: eventsOf(r.Events),
		})
	}
	if b.Check {
		answer.Broken, err = c.broken()
	}
	return answer, err
}

// encode is a transaction as a block holds it, without signatures unless it came with them.
func (c *Chain) encode(t Transaction) ([]byte, error) {
	if len(t.Raw) > 0 {
		return t.Raw, nil
	}
	block, err := c.app.Remes.BlockParams(c.app.NewContext(true).WithBlockHeight(max(1, c.height)))
	if err != nil {
		return nil, err
	}
	gas := t.Gas
	if gas == 0 {
		gas = block.TxGasMax
	}
	messages := make([]sdk.Msg, len(t.Messages))
	for i, message := range t.Messages {
		any := &codectypes.Any{TypeUrl: message.TypeURL, Value: message.Value}
		if err := c.app.InterfaceRegistry().UnpackAny(any, &messages[i]); err != nil {
			return nil, remestypes.ErrMessageInvalid.Wrapf("%s: %s", message.TypeURL, err)
		}
	}
	builder := c.app.TxConfig().NewTxBuilder()
	if err := builder.SetMsgs(messages...); err != nil {
		return nil, err
	}
	builder.SetGasLimit(gas)
	builder.SetFeeAmount(sdk.NewCoins(
		sdk.NewCoin(params.Denom, remestypes.FeeMin(gas, block.GasPriceMin)),
	))
	return c.app.TxConfig().TxEncoder()(builder.GetTx())
}

func eventsOf(events []abci.Event) []Event {
	out := make([]Event, len(events))
	for i, event := range events {
		out[i] = Event{Type: event.Type, Attributes: make([][2]string, len(event.Attributes))}
		for j, attribute := range event.Attributes {
			out[i].Attributes[j] = [2]string{attribute.Key, attribute.Value}
		}
	}
	return out
}

// query asks the state after the last block itself: a node would load that version of every store
// anew for each question.
func (c *Chain) query(q Query) (Answer, error) {
	handler := c.app.GRPCQueryRouter().Route(q.Path)
	if handler == nil {
		return Answer{}, fmt.Errorf("unknown query path %s", q.Path)
	}
	ctx := c.app.NewContext(true).WithBlockHeight(c.height)
	response, err := handler(ctx, &abci.RequestQuery{Path: q.Path, Data: q.Data})
	if err != nil {
		return Answer{}, err
	}
	return Answer{Value: response.Value}, nil
}

// snapshot copies the database, whose keys and values nobody changes in place.
func (c *Chain) snapshot() (Answer, error) {
	taken := snapshot{chainID: c.chainID, height: c.height, time: c.time}
	iterator, err := c.db.Iterator(nil, nil)
	if err != nil {
		return Answer{}, err
	}
	for ; iterator.Valid(); iterator.Next() {
		taken.keys = append(taken.keys, iterator.Key())
		taken.values = append(taken.values, iterator.Value())
	}
	if err := iterator.Close(); err != nil {
		return Answer{}, err
	}
	c.snapshots = append(c.snapshots, taken)
	return Answer{Snapshot: len(c.snapshots)}, nil
}

func (c *Chain) restore(number int) error {
	if number < 1 || number > len(c.snapshots) {
		return fmt.Errorf("snapshot %d of %d", number, len(c.snapshots))
	}
	taken := c.snapshots[number-1]
	db := dbm.NewMemDB()
	for i, key := range taken.keys {
		if err := db.Set(key, taken.values[i]); err != nil {
			return err
		}
	}
	if err := c.open(db, taken.chainID); err != nil {
		return err
	}
	c.height, c.time = taken.height, taken.time
	c.appHash = hex.EncodeToString(c.app.LastCommitID().Hash)
	return nil
}
