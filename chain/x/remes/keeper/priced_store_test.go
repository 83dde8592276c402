package keeper

import (
	"context"
	"testing"

	storetypes "cosmossdk.io/store/types"
)

func TestOpeningAnIteratorIsPaidFor(t *testing.T) {
	w := newWorld(t, unchanged)
	for name, walk := range map[string]func(context.Context) error{
		"upwards, over nothing": func(ctx context.Context) error {
			_, err := keysOf(ctx, w.keeper.Verifiers, nil)
			return err
		},
		"downwards, to the first": func(ctx context.Context) error {
			_, err := w.keeper.currentRewardEpoch(ctx)
			return err
		},
	} {
		metered := w.ctx.WithGasMeter(storetypes.NewInfiniteGasMeter())
		w.must(walk(metered))
		if gas := metered.GasMeter().GasConsumed(); gas < iteratorGas {
			t.Errorf("%s: %d gas", name, gas)
		}
	}
}
