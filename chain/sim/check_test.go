package sim

import (
	"strings"
	"testing"

	cmtproto "github.com/cometbft/cometbft/proto/tendermint/types"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"r3mes.dev/chain/app/params"
	"r3mes.dev/chain/x/remes/types"
)

// checkedBlock makes a block and says what is broken after it.
func checkedBlock(t testing.TB, chain *Chain) string {
	t.Helper()
	return send(t, chain, Request{Block: &Block{Seconds: 1, Check: true}}).Broken
}

func TestWhatIsBrokenIsFoundAtItsBlockAndAtEachAfterIt(t *testing.T) {
	chain := started(t)
	for range 3 {
		if broken := checkedBlock(t, chain); broken != "" {
			t.Fatal(broken)
		}
	}
	// Written into the state itself, as no message could: a reward that no account holds.
	direct := chain.app.NewUncachedContext(false, cmtproto.Header{Height: chain.height})
	owner := sdk.AccAddress(make([]byte, types.AddressSize))
	if err := chain.app.Remes.Rewards.Set(direct, owner, 1); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if broken := checkedBlock(t, chain); !strings.Contains(broken, "the records say 1") {
			t.Fatalf("found %q", broken)
		}
	}
	if err := chain.app.Remes.Rewards.Remove(direct, owner); err != nil {
		t.Fatal(err)
	}
	if broken := checkedBlock(t, chain); broken != "" {
		t.Fatal(broken)
	}
}

func TestABrokenInvariantIsFoundWhereMoneyAloneHasMoved(t *testing.T) {
	chain := started(t)
	if broken := checkedBlock(t, chain); broken != "" {
		t.Fatal(broken)
	}
	direct := chain.app.NewUncachedContext(false, cmtproto.Header{Height: chain.height})
	from, err := sdk.AccAddressFromBech32(account("a"))
	if err != nil {
		t.Fatal(err)
	}
	gift := sdk.NewCoins(sdk.NewInt64Coin(params.Denom, 7))
	if err := chain.app.Bank.SendCoinsFromAccountToModule(
		direct, from, types.RewardAccountName, gift,
	); err != nil {
		t.Fatal(err)
	}
	if broken := checkedBlock(t, chain); !strings.Contains(broken, "holds 7 uremes") {
		t.Fatalf("found %q", broken)
	}
}
