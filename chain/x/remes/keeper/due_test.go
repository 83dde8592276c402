package keeper

import (
	"fmt"
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
