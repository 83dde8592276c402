package keeper

import (
	"context"
	"errors"

	"cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"
	sdkerrors "github.com/cosmos/cosmos-sdk/types/errors"

	"r3mes.dev/chain/x/remes/types"
)

// Denom is the only denomination that the module touches.
const Denom = "uremes"

func coins(amount uint64) sdk.Coins {
	return sdk.NewCoins(sdk.NewCoin(Denom, math.NewIntFromUint64(amount)))
}

// takeFrom moves an amount from an account into an account of the module.
func (k Keeper) takeFrom(
	ctx context.Context, from sdk.AccAddress, module string, amount uint64,
) error {
	err := k.bank.SendCoinsFromAccountToModule(ctx, from, module, coins(amount))
	if errors.Is(err, sdkerrors.ErrInsufficientFunds) {
		return types.ErrFundsInsufficient.Wrapf("%d uremes are needed", amount)
	}
	return err
}

// giveTo moves an amount out of an account of the module.
func (k Keeper) giveTo(ctx context.Context, module string, to sdk.AccAddress, amount uint64) error {
	if amount == 0 {
		return nil
	}
	return k.bank.SendCoinsFromModuleToAccount(ctx, module, to, coins(amount))
}

// move moves an amount between accounts of modules.
func (k Keeper) move(ctx context.Context, from, to string, amount uint64) error {
	if amount == 0 {
		return nil
	}
	return k.bank.SendCoinsFromModuleToModule(ctx, from, to, coins(amount))
}

// burn destroys an amount that an account of the module holds.
func (k Keeper) burn(ctx context.Context, module string, amount uint64) error {
	if amount == 0 {
		return nil
	}
	if err := k.bank.BurnCoins(ctx, module, coins(amount)); err != nil {
		return err
	}
	return k.addTotals(ctx, func(t *types.Totals) { t.Burned += amount })
}

// mint creates an amount for verified work. It refuses to pass the emission cap or the supply cap.
func (k Keeper) mint(ctx context.Context, amount uint64) error {
	if amount == 0 {
		return nil
	}
	totals, err := k.totals(ctx)
	if err != nil {
		return err
	}
	supply := k.bank.GetSupply(ctx, Denom).Amount
	if totals.Minted+amount > types.EmissionCap || supply.Add(math.NewIntFromUint64(amount)).GT(
		math.NewInt(types.SupplyCap),
	) {
		return types.ErrSupplyCapReached.Wrapf(
			"%d uremes are minted, %d more were asked for", totals.Minted, amount,
		)
	}
	if err := k.bank.MintCoins(ctx, types.RewardAccountName, coins(amount)); err != nil {
		return err
	}
	return k.addTotals(ctx, func(t *types.Totals) { t.Minted += amount })
}

func (k Keeper) totals(ctx context.Context) (types.Totals, error) {
	return itemOr(ctx, k.Totals, types.Totals{})
}

func (k Keeper) addTotals(ctx context.Context, change func(*types.Totals)) error {
	totals, err := k.totals(ctx)
	if err != nil {
		return err
	}
	change(&totals)
	return k.Totals.Set(ctx, totals)
}
