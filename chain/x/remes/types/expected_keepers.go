package types

import (
	"context"

	sdk "github.com/cosmos/cosmos-sdk/types"
)

// BankKeeper is what the module needs of the bank: moving coins in and out of its own accounts.
type BankKeeper interface {
	GetBalance(ctx context.Context, account sdk.AccAddress, denom string) sdk.Coin
	GetSupply(ctx context.Context, denom string) sdk.Coin
	SendCoinsFromAccountToModule(
		ctx context.Context, from sdk.AccAddress, to string, amount sdk.Coins,
	) error
	SendCoinsFromModuleToAccount(
		ctx context.Context, from string, to sdk.AccAddress, amount sdk.Coins,
	) error
	SendCoinsFromModuleToModule(ctx context.Context, from, to string, amount sdk.Coins) error
	MintCoins(ctx context.Context, module string, amount sdk.Coins) error
	BurnCoins(ctx context.Context, module string, amount sdk.Coins) error
}
