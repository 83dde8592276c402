package app

import (
	sdk "github.com/cosmos/cosmos-sdk/types"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"

	remestypes "r3mes.dev/chain/x/remes/types"
)

// refundDuties gives the fee of a transaction back if it did nothing but duties: what the protocol
// asks of a participant under threat of a fine must not cost it. Each duty is accepted once, so
// nobody can live on refunds. A fee that somebody else granted is not refunded: its granter meant
// to pay, and the refund would be the grantee's. It is done in simulations too: what they estimate
// is the gas of the whole, and a refund costs a third of a reveal.
func (app *App) refundDuties(
	ctx sdk.Context, tx sdk.Tx, _, success bool,
) (sdk.Context, error) {
	feeTx, ok := tx.(sdk.FeeTx)
	if !ok || !success || len(feeTx.FeeGranter()) > 0 || !onlyDuties(tx.GetMsgs()) {
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

// onlyDuties says that every message is a duty.
func onlyDuties(msgs []sdk.Msg) bool {
	for _, msg := range msgs {
		if !isDuty(msg) {
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
		*remestypes.MsgPostTrace, *remestypes.MsgPinpoint, *remestypes.MsgExecuteTile:
		return true
	}
	return false
}
