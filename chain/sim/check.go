package sim

import (
	"cosmossdk.io/store/rootmulti"

	banktypes "github.com/cosmos/cosmos-sdk/x/bank/types"

	remestypes "r3mes.dev/chain/x/remes/types"
)

// checked is everything that the invariants of x/remes speak of: its records and the money, both by
// the hashes of their stores, and the height from which the parameters hold.
type checked struct {
	records, money string
	paramsSince    int64
}

// broken is the invariant that does not hold, in words; empty if all do. The walk over everything is
// spared where nothing that it would read has changed since it last found all well: most blocks of a
// simulation hold no transaction.
func (c *Chain) broken() (string, error) {
	state, err := c.checkedState()
	if err != nil || state == c.whole {
		return "", err
	}
	ctx := c.app.NewContext(true).WithBlockHeight(c.height)
	if err := c.app.Remes.CheckInvariants(ctx); err != nil {
		return err.Error(), nil
	}
	c.whole = state
	return "", nil
}

func (c *Chain) checkedState() (checked, error) {
	info, err := c.app.CommitMultiStore().(*rootmulti.Store).GetCommitInfo(c.height)
	if err != nil {
		return checked{}, err
	}
	ctx := c.app.NewContext(true).WithBlockHeight(c.height)
	params, err := c.app.Remes.ParamsAt(ctx, c.height)
	if err != nil {
		return checked{}, err
	}
	state := checked{paramsSince: params.ActivationHeight}
	for _, store := range info.StoreInfos {
		switch store.Name {
		case remestypes.StoreKey:
			state.records = string(store.CommitId.Hash)
		case banktypes.StoreKey:
			state.money = string(store.CommitId.Hash)
		}
	}
	return state, nil
}
