package keeper

import (
	"context"

	"cosmossdk.io/collections"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"r3mes.dev/chain/x/remes/types"
)

// ParamsAt returns the parameters that hold at a height and the height from which they hold. Nearly
// every message asks, nearly always for the newest, which a plain read finds.
func (k Keeper) ParamsAt(ctx context.Context, height int64) (types.ScheduledParams, error) {
	newest, err := newestKey(ctx, k.NewestParams, "the parameters")
	if err != nil {
		return types.ScheduledParams{}, err
	}
	if height < newest {
		return k.olderParams(ctx, height)
	}
	params, err := k.Params.Get(ctx, newest)
	return types.ScheduledParams{ActivationHeight: newest, Params: params}, err
}

func (k Keeper) olderParams(ctx context.Context, height int64) (types.ScheduledParams, error) {
	iterator, err := k.Params.Iterate(
		ctx, new(collections.Range[int64]).EndInclusive(height).Descending(),
	)
	if err != nil {
		return types.ScheduledParams{}, err
	}
	defer iterator.Close()
	if !iterator.Valid() {
		return types.ScheduledParams{}, types.ErrParamsInvalid.Wrapf(
			"none hold at height %d", height,
		)
	}
	entry, err := iterator.KeyValue()
	if err != nil {
		return types.ScheduledParams{}, err
	}
	return types.ScheduledParams{ActivationHeight: entry.Key, Params: entry.Value}, nil
}

// params returns the parameters of the block that is being made.
func (k Keeper) params(ctx context.Context) (types.Params, error) {
	scheduled, err := k.ParamsAt(ctx, height(ctx))
	return scheduled.Params, err
}

// BlockParams returns what a transaction must pay and may use in the block that is being made.
func (k Keeper) BlockParams(ctx context.Context) (types.BlockParams, error) {
	params, err := k.params(ctx)
	return params.Block, err
}

// UpdateParams replaces all parameters from the next block on. Whatever began before keeps the
// parameters it began with.
func (s msgServer) UpdateParams(
	ctx context.Context, msg *types.MsgUpdateParams,
) (*types.MsgUpdateParamsResponse, error) {
	if err := s.requireAuthority(msg.Authority); err != nil {
		return nil, err
	}
	if err := msg.Params.Validate(); err != nil {
		return nil, err
	}
	if err := s.requirePlaces(ctx, msg.Params.Bond); err != nil {
		return nil, err
	}
	if err := s.requireBondsStay(ctx, msg.Params); err != nil {
		return nil, err
	}

	activation := height(ctx) + 1
	if err := grow(ctx, s.Params, s.NewestParams, activation, msg.Params); err != nil {
		return nil, err
	}
	return &types.MsgUpdateParamsResponse{ActivationHeight: activation}, nil
}

// requireBondsStay refuses parameters by which bonds would return before what began under any of the past
// ones is over.
func (k Keeper) requireBondsStay(ctx context.Context, next types.Params) error {
	now := height(ctx)
	until := now + 1 // when parameters are replaced
	return k.Params.Walk(ctx, new(collections.Range[int64]).EndInclusive(now).Descending(),
		func(from int64, past types.Params) (bool, error) {
			err := past.CheckSuccessor(next, now-until)
			until = from
			return err != nil, err
		})
}

// requirePlaces refuses parameters by which there would be more active verifiers than places.
func (k Keeper) requirePlaces(ctx context.Context, params types.BondParams) error {
	places := int(params.VerifiersMax)
	reaching, err := k.verifiersWith(ctx, params.Verifier, places+1)
	if err == nil && len(reaching) > places {
		err = types.ErrParamsInvalid.Wrapf(
			"more bonds reach bond.verifier than bond.verifiers_max, which is %d", places,
		)
	}
	return err
}

func (k Keeper) requireAuthority(signer string) error {
	if signer != k.authority {
		return types.ErrUnauthorized.Wrapf("%s signed, only %s may", signer, k.authority)
	}
	return nil
}

func height(ctx context.Context) int64 { return sdk.UnwrapSDKContext(ctx).BlockHeight() }
