package keeper

import (
	"slices"
	"syscall"
	"testing"
	"time"

	storetypes "cosmossdk.io/store/types"
	"github.com/cosmos/gogoproto/proto"

	sdk "github.com/cosmos/cosmos-sdk/types"
)

const (
	gasPerByte      = 10 // of a transaction, as x/auth prices it
	gasPerSignature = 1_000
)

// BenchmarkMessages sets the gas of every message beside the processor time of its handler, decoding
// included, on the trees that a node keeps its state in. What consensus asks of a block of 100 M gas
// in a second is 100 gas for each microsecond.
func BenchmarkMessages(b *testing.B) {
	storeType = storetypes.StoreTypeIAVL
	defer func() { storeType = storetypes.StoreTypeDB }()
	for i, a := range attempts(b) {
		b.Run(a.name, func(b *testing.B) {
			a := attempts(b)[i] // each writes its state down into stores of its own
			body, err := proto.Marshal(a.msg)
			if err != nil {
				b.Fatal(err)
			}
			stores := a.w.settle()
			var gas storetypes.Gas
			var worked time.Duration
			b.ResetTimer()
			for range b.N {
				b.StopTimer()
				w := *a.w
				w.ctx = w.ctx.WithMultiStore(stores.CacheMultiStore()).
					WithGasMeter(storetypes.NewInfiniteGasMeter()).
					WithEventManager(sdk.NewEventManager())
				b.StartTimer()
				begun := processorTime()
				err := w.call(method(a.msg), func(into any) error {
					return proto.Unmarshal(body, into.(proto.Message))
				})
				if err != nil {
					b.Fatal(err)
				}
				worked += processorTime() - begun
				gas = w.ctx.GasMeter().GasConsumed()
			}
			gas += gasPerByte*uint64(len(body)) + gasPerSignature
			micros := float64(worked.Microseconds()) / float64(b.N)
			b.ReportMetric(float64(gas), "gas/op")
			b.ReportMetric(micros, "µs/op")
			b.ReportMetric(float64(gas)/max(micros, 1), "gas/µs")
		})
	}
}

// processorTime is what this process has worked, whoever else keeps the machine busy.
func processorTime() time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		panic(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

// settle writes a world down into its stores and commits them, as the blocks before would have.
func (w *world) settle() storetypes.CommitMultiStore {
	for _, write := range slices.Backward(w.layers) {
		write()
	}
	w.stores.Commit()
	return w.stores
}
