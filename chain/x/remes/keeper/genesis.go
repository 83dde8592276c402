package keeper

import (
	"context"

	"r3mes.dev/chain/x/remes/types"
)

// InitGenesis fills an empty store. The state has been validated before.
func (k Keeper) InitGenesis(ctx context.Context, state types.GenesisState) error {
	for _, scheduled := range state.Params {
		if err := k.Params.Set(ctx, scheduled.ActivationHeight, scheduled.Params); err != nil {
			return err
		}
	}
	return nil
}

// ExportGenesis returns the whole state, so that InitGenesis of it makes an equal store.
func (k Keeper) ExportGenesis(ctx context.Context) (*types.GenesisState, error) {
	state := &types.GenesisState{}
	err := k.Params.Walk(ctx, nil, func(height int64, params types.Params) (bool, error) {
		state.Params = append(state.Params, types.ScheduledParams{ActivationHeight: height, Params: params})
		return false, nil
	})
	return state, err
}
