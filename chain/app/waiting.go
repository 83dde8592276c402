package app

import (
	"cmp"
	"context"
	"slices"
	"sync"

	cmtconfig "github.com/cometbft/cometbft/config"
	"github.com/spf13/cast"

	servertypes "github.com/cosmos/cosmos-sdk/server/types"
	sdk "github.com/cosmos/cosmos-sdk/types"
	sdkerrors "github.com/cosmos/cosmos-sdk/types/errors"
	"github.com/cosmos/cosmos-sdk/types/mempool"
	authsigning "github.com/cosmos/cosmos-sdk/x/auth/signing"
)

// unseenBlocksMax is for how many blocks a transaction is kept that CometBFT does not show again:
// it shows all that it holds after every block.
const unseenBlocksMax = 10

// waiting are the transactions that wait for a block, the same ones as CometBFT holds, in the order
// in which this node would propose them. Whatever it takes CometBFT takes, and what CometBFT shows
// again after a block takes its place anew; so neither keeps what the other has dropped.
type waiting struct {
	mutex sync.Mutex
	room  room
	at    map[place]candidate
	// What is free is taken by transactions that nobody owes.
	count, bytes int
	turn         uint64
}

// room is what transactions that nobody owes may take. The rest of what CometBFT holds is left for
// those that somebody owes: a full mempool refuses both.
type room struct{ count, bytes int }

// place is what the chain lets one transaction have: the sequence number of its first signer, or
// the time-out of an unordered one.
type place struct {
	sender    string
	nonce     uint64
	unordered bool
}

type candidate struct {
	place
	tx    sdk.Tx
	bytes []byte
	rank  int64
	// turn tells equal ranks apart: who came first.
	turn uint64
	seen int64
}

var _ mempool.Mempool = (*waiting)(nil)

// newWaiting leaves a quarter of what the node's config.toml lets CometBFT hold to what is owed.
func newWaiting(options servertypes.AppOptions) *waiting {
	limits := cmtconfig.DefaultMempoolConfig()
	count, bytes := limits.Size, limits.MaxTxsBytes
	if set := cast.ToInt(options.Get("mempool.size")); set > 0 {
		count = set
	}
	if set := cast.ToInt64(options.Get("mempool.max_txs_bytes")); set > 0 {
		bytes = set
	}
	return &waiting{
		room: room{count: count - count/4, bytes: int(bytes - bytes/4)},
		at:   map[place]candidate{},
	}
}

// Insert takes a transaction, or gives one that it has its new rank.
func (w *waiting) Insert(goCtx context.Context, tx sdk.Tx) error {
	ctx := sdk.UnwrapSDKContext(goCtx)
	where, is := placeOf(tx)
	if !is {
		return sdkerrors.ErrNoSignatures
	}
	w.mutex.Lock()
	defer w.mutex.Unlock()
	c := candidate{
		place: where, tx: tx, bytes: ctx.TxBytes(), rank: ctx.Priority(), turn: w.turn,
		seen: ctx.BlockHeight(),
	}
	before, known := w.at[where]
	if known {
		c.turn = before.turn
	}
	hadRoom := known && !before.owed()
	if !c.owed() && !hadRoom && (w.count >= w.room.count || w.bytes+len(c.bytes) > w.room.bytes) {
		return sdkerrors.ErrMempoolIsFull.Wrapf("%d transactions of %d bytes wait", w.count, w.bytes)
	}
	if known {
		w.drop(before)
	}
	w.at[where] = c
	w.account(c, 1)
	w.turn++
	return nil
}

// Remove drops a transaction that was executed or is no longer valid. Blocks ask for it as well, so
// it refuses nothing: ErrTxNotFound is overlooked there.
func (w *waiting) Remove(tx sdk.Tx) error {
	where, is := placeOf(tx)
	w.mutex.Lock()
	defer w.mutex.Unlock()
	c, known := w.at[where]
	if !is || !known {
		return mempool.ErrTxNotFound
	}
	w.drop(c)
	return nil
}

// forget drops what CometBFT has not shown for long.
func (w *waiting) forget(height int64) {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	for _, c := range w.at {
		if c.seen < height-unseenBlocksMax {
			w.drop(c)
		}
	}
}

func (w *waiting) drop(c candidate) {
	delete(w.at, c.place)
	w.account(c, -1)
}

func (w *waiting) account(c candidate, sign int) {
	if !c.owed() {
		w.count += sign
		w.bytes += sign * len(c.bytes)
	}
}

func (c candidate) owed() bool { return c.rank >= bonded }

// inOrder are all, the highest rank first and then who came first. Those of one sender that have
// sequence numbers keep their order: none ranks above one that it needs.
func (w *waiting) inOrder() []candidate {
	w.mutex.Lock()
	all := make([]candidate, 0, len(w.at))
	for _, c := range w.at {
		all = append(all, c)
	}
	w.mutex.Unlock()
	slices.SortFunc(all, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(a.sender, b.sender), cmp.Compare(a.nonce, b.nonce))
	})
	last := candidate{}
	for i, c := range all {
		if c.unordered {
			continue
		}
		if c.sender == last.sender {
			c.rank, c.turn = min(c.rank, last.rank), max(c.turn, last.turn)
			all[i] = c
		}
		last = c
	}
	slices.SortStableFunc(all, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(b.rank, a.rank), cmp.Compare(a.turn, b.turn))
	})
	return all
}

// CountTx is how many wait.
func (w *waiting) CountTx() int {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	return len(w.at)
}

// Select goes through all in order.
func (w *waiting) Select(context.Context, [][]byte) mempool.Iterator {
	return queue(w.inOrder()).from()
}

type queue []candidate

func (q queue) from() mempool.Iterator {
	if len(q) == 0 {
		return nil
	}
	return q
}

// Next is the rest behind the first.
func (q queue) Next() mempool.Iterator { return q[1:].from() }

// Tx is the first.
func (q queue) Tx() sdk.Tx { return q[0].tx }

// placeOf is never asked for what the chain would refuse anyway. A signature may lack its key, which
// the account then has; who signs is in the messages.
func placeOf(tx sdk.Tx) (place, bool) {
	signed, is := tx.(authsigning.SigVerifiableTx)
	if !is {
		return place{}, false
	}
	signers, err := signed.GetSigners()
	if err != nil || len(signers) == 0 {
		return place{}, false
	}
	signatures, err := signed.GetSignaturesV2()
	if err != nil || len(signatures) == 0 {
		return place{}, false
	}
	where := place{sender: string(signers[0]), nonce: signatures[0].Sequence}
	if timed, can := tx.(sdk.TxWithUnordered); can && timed.GetUnordered() {
		where.unordered, where.nonce = true, uint64(timed.GetTimeoutTimeStamp().UnixNano())
	}
	return where, true
}
