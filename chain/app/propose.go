package app

import (
	abci "github.com/cometbft/cometbft/abci/types"
	cmttypes "github.com/cometbft/cometbft/types"

	sdk "github.com/cosmos/cosmos-sdk/types"
)

// propose fills a block with what waits, in its order, as far as it fits and is valid behind what
// goes before it. What does not fit or is not valid holds back what its sender numbered after it.
// Nothing is dropped here: CometBFT's next check of all that wait does that, for both sides.
func (app *App) propose(
	ctx sdk.Context, req *abci.RequestPrepareProposal,
) (*abci.ResponsePrepareProposal, error) {
	bytesLeft, gasLeft := req.MaxTxBytes, int64(-1)
	if block := ctx.ConsensusParams().Block; block != nil {
		gasLeft = block.MaxGas
	}
	bounded := gasLeft >= 0
	held := map[string]bool{}
	var txs [][]byte
	for _, c := range app.waiting.inOrder() {
		if !c.unordered && held[c.sender] {
			continue
		}
		var gas int64
		if feeTx, is := c.tx.(sdk.FeeTx); is {
			gas = int64(feeTx.GetGas()) // no more than TxGasMax, or it would not wait
		}
		size := cmttypes.ComputeProtoSizeForTxs([]cmttypes.Tx{c.bytes})
		fits := size <= bytesLeft && (!bounded || gas <= gasLeft)
		if fits {
			_, err := app.PrepareProposalVerifyTx(c.tx)
			fits = err == nil
		}
		if !fits {
			held[c.sender] = held[c.sender] || !c.unordered
			continue
		}
		bytesLeft -= size
		gasLeft -= gas
		txs = append(txs, c.bytes)
	}
	return &abci.ResponsePrepareProposal{Txs: txs}, nil
}
