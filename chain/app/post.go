package app

import (
	sdk "github.com/cosmos/cosmos-sdk/types"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"

	remestypes "r3mes.dev/chain/x/remes/types"
)

// refundDuties gives the fee of a transaction back if it did nothing but duties and contributions to
// the beacon: what the protocol asks of a participant under threat of a fine must not cost it, nor
// what everybody needs and nobody is paid for. Each is accepted once, so nobody can live on refunds,
// and whoever asks for far more gas than it uses pays for the place in the block. A fee that somebody
// else granted is not refunded: its granter meant to pay, and the refund would be the grantee's. It is
// done in simulations too, whatever gas they name: what they estimate is the gas of the whole, and a
// refund costs a third of a reveal.
func (app *App) refundDuties(
	ctx sdk.Context, tx sdk.Tx, simulate, success bool,
) (sdk.Context, error) {
	feeTx, ok := tx.(sdk.FeeTx)
	if !ok || !success || len(feeTx.FeeGranter()) > 0 || !onlyFree(tx.GetMsgs()) {
		return ctx, nil
	}
	if !simulate && asksTooMuch(feeTx.GetGas(), ctx.GasMeter().GasConsumed()) {
		return ctx, nil
	}
	fee := feeTx.GetFee()
	if fee.IsZero() {
		return ctx, nil
	}
	return ctx, app.Bank.SendCoinsFromModuleToAccount(
		ctx, authtypes.FeeCollectorName, feeTx.FeePayer(), fee,
	)
}

// onlyFree says that every message is a duty or a contribution to the beacon.
func onlyFree(msgs []sdk.Msg) bool {
	for _, msg := range msgs {
		if _, contributes := msg.(*remestypes.MsgCommitBeacon); !contributes && !isDuty(msg) {
			return false
		}
	}
	return len(msgs) > 0
}

// isDuty says that a message is of a kind that participants owe. A message that holds others is none.
func isDuty(msg sdk.Msg) bool {
	switch msg.(type) {
	case *remestypes.MsgReveal, *remestypes.MsgOpenStep, *remestypes.MsgCommitVerdict,
		*remestypes.MsgRevealVerdict, *remestypes.MsgRevealBeacon, *remestypes.MsgAttest,
		*remestypes.MsgFindFault,
		*remestypes.MsgPostTrace, *remestypes.MsgPinpoint, *remestypes.MsgExecuteTile:
		return true
	}
	return false
}
