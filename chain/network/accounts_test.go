package network

import (
	"context"
	"time"

	abci "github.com/cometbft/cometbft/abci/types"
	coretypes "github.com/cometbft/cometbft/rpc/core/types"

	"github.com/cosmos/cosmos-sdk/client"
	clienttx "github.com/cosmos/cosmos-sdk/client/tx"
	"github.com/cosmos/cosmos-sdk/crypto/keys/secp256k1"
	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/cosmos/cosmos-sdk/types/tx/signing"
	authsigning "github.com/cosmos/cosmos-sdk/x/auth/signing"
)

// account has a key that lives in this process alone.
type account struct {
	key     *secp256k1.PrivKey
	address sdk.AccAddress
	number  uint64
}

func newAccount(number int) account {
	key := secp256k1.GenPrivKey()
	return account{key, sdk.AccAddress(key.PubKey().Address()), uint64(number)}
}

const (
	gasMax = 4_000_000
	fee    = 4_000
)

// sign signs what a builder holds. Genesis transactions are signed for account 0, whoever signs.
func (n *network) sign(builder client.TxBuilder, a account, number uint64) {
	n.t.Helper()
	const mode = signing.SignMode_SIGN_MODE_DIRECT
	unsigned := signing.SignatureV2{
		PubKey: a.key.PubKey(), Data: &signing.SingleSignatureData{SignMode: mode},
	}
	n.must(builder.SetSignatures(unsigned))
	signature, err := clienttx.SignWithPrivKey(
		context.Background(), mode, authsigning.SignerData{
			ChainID: chainID, AccountNumber: number, PubKey: a.key.PubKey(),
			Address: a.address.String(),
		}, builder, a.key, n.lender.TxConfig(), 0,
	)
	n.must(err)
	n.must(builder.SetSignatures(signature))
}

// submit gives an unordered transaction to a node, which must find nothing against it.
func (n *network) submit(v *validator, a account, msgs ...sdk.Msg) (hash []byte) {
	n.t.Helper()
	return n.submitFor(v, a, price{gasMax, fee}, msgs...)
}

// price is what a transaction may use, and what it pays for that.
type price struct {
	gas uint64
	fee int64
}

// submitFor is submit at another price.
func (n *network) submitFor(
	v *validator, a account, price price, msgs ...sdk.Msg,
) (hash []byte) {
	n.t.Helper()
	n.nonce++
	builder := n.lender.TxConfig().NewTxBuilder()
	n.must(builder.SetMsgs(msgs...))
	builder.SetGasLimit(price.gas)
	builder.SetFeeAmount(coins(price.fee))
	builder.SetUnordered(true)
	builder.SetTimeoutTimestamp(time.Now().Add(5*time.Minute + time.Duration(n.nonce)))
	n.sign(builder, a, a.number)
	bytes, err := n.lender.TxConfig().TxEncoder()(builder.GetTx())
	n.must(err)
	sent, err := v.client.BroadcastTxSync(context.Background(), bytes)
	n.must(err)
	if sent.Code != 0 {
		n.t.Fatalf("%s refuses a transaction: %s", v.name, sent.Log)
	}
	return sent.Hash
}

// result is what became of a transaction in a block.
func (n *network) result(v *validator, hash []byte) abci.ExecTxResult {
	n.t.Helper()
	return n.landed(v, hash).TxResult
}

// landed waits until a transaction is in a block.
func (n *network) landed(v *validator, hash []byte) *coretypes.ResultTx {
	n.t.Helper()
	var found *coretypes.ResultTx
	n.eventually("the transaction is in a block", func() (err error) {
		found, err = v.client.Tx(context.Background(), hash, false)
		return err
	})
	return found
}

// do sends a transaction that must succeed.
func (n *network) do(v *validator, a account, msgs ...sdk.Msg) {
	n.t.Helper()
	if result := n.result(v, n.submit(v, a, msgs...)); result.Code != 0 {
		n.t.Fatalf("refused in a block: %s", result.Log)
	}
}
