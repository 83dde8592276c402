package keeper

import (
	"fmt"
	"slices"
	"testing"

	storetypes "cosmossdk.io/store/types"

	"r3mes.dev/chain/x/remes/types"
)

// What the end of a block reads and writes is counted by its gas: the same however much waits.
func TestTheEndOfABlockIsFlat(t *testing.T) {
	cost := func(waiting int) uint64 {
		w := newWorld(t, unchanged)
		for i := range waiting {
			w.must(w.keeper.schedule(w.ctx, 1_000+int64(i), types.DUE_KIND_MATURE, uint64(i)))
		}
		metered := w.ctx.WithGasMeter(storetypes.NewInfiniteGasMeter())
		w.must(w.keeper.EndBlock(metered))
		return metered.GasMeter().GasConsumed()
	}
	few, many := cost(10), cost(20_000)
	if few == 0 || few != many {
		t.Fatalf("with 10 items waiting it costs %d, with 20,000 it costs %d", few, many)
	}
}

// itemsOf counts the items that are due for a pool until something holds.
func (w *world) itemsOf(pool uint64, done func() bool) int {
	w.t.Helper()
	kinds := []types.DueKind{types.DUE_KIND_ROUND_START, types.DUE_KIND_TRAINING_END}
	type item struct {
		at   int64
		kind int32
	}
	seen := map[item]bool{}
	for !done() {
		due, err := keysOf(w.ctx, w.keeper.Due, nil)
		w.must(err)
		for _, key := range due {
			if key.K3() == pool && slices.Contains(kinds, types.DueKind(key.K2())) {
				seen[item{key.K1(), key.K2()}] = true
			}
		}
		w.next()
	}
	return len(seen)
}

// A pool that nobody works for is opened by anybody, for a fee. Its items must not fill the ends of more
// blocks than its gas takes of others, or some blocks of such pools would hold up all rounds for hours.
func TestPoolsHoldUpNoMoreBlocksThanTheyBuy(t *testing.T) {
	const blockGas = 100_000_000
	w := newWorld(t, unchanged)
	model, dataset := w.register()
	w.fund("sponsor")
	params, err := w.keeper.params(w.ctx)
	w.must(err)
	w.ctx = w.ctx.WithGasMeter(storetypes.NewInfiniteGasMeter())
	pool := do(w, w.msgs.OpenPool, w.poolMsg(model, dataset)).Id
	gas := w.ctx.GasMeter().GasConsumed()
	w.ctx = w.ctx.WithGasMeter(storetypes.NewInfiniteGasMeter())
	items := w.itemsOf(pool, func() bool { round := w.round(pool, 1); return round.Resting() })
	if items == 0 || uint64(items)*blockGas > gas*uint64(params.Block.ItemsMax)/2 {
		t.Errorf("a block's gas opens pools with %d items, and a block handles %d",
			uint64(items)*blockGas/gas, params.Block.ItemsMax)
	}
	// Closing is paid by who closes: many pools can be closed in one block.
	do(w, w.msgs.ClosePool, &types.MsgClosePool{Sponsor: w.address("sponsor"), PoolId: pool})
	if status := w.pool(pool).Status; status != types.POOL_STATUS_CLOSED {
		t.Errorf("the pool is %s and waits for the end of a block", status)
	}
}

// BenchmarkEndBlock is the processor time of the end of a block in which nothing is due, with so many
// records waiting, on the trees of a node.
func BenchmarkEndBlock(b *testing.B) {
	storeType = storetypes.StoreTypeIAVL
	defer func() { storeType = storetypes.StoreTypeDB }()
	sizes := []int{1_000, 1_000_000}
	worlds := make([]*world, len(sizes)) // all in one heap, so that the collector asks as much of each
	for i, waiting := range sizes {
		w := newWorld(b, unchanged)
		for item := range waiting {
			at := 1_000 + int64(item)
			w.must(w.keeper.schedule(w.ctx, at, types.DUE_KIND_MATURE, uint64(item)))
		}
		w.settle()
		worlds[i] = w
	}
	for i, w := range worlds {
		b.Run(fmt.Sprint(sizes[i]), func(b *testing.B) {
			begun := processorTime()
			for b.Loop() {
				w.must(w.keeper.EndBlock(w.ctx))
			}
			b.ReportMetric(float64((processorTime()-begun).Nanoseconds())/float64(b.N), "ns/op")
		})
	}
}
