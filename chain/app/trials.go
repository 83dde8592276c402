package app

import (
	"sync"

	sdk "github.com/cosmos/cosmos-sdk/types"
)

// failedGasMax is for how much gas an account's transactions may be tried in vain between two blocks:
// forty or more of honest ones that came too late.
const failedGasMax = 2_000_000

// trials bound what an account makes this node try for nothing. A transaction that pays for ten million
// gas may do as much before its last message fails, nothing of it stays, and a mempool that is full
// keeps neither it nor its fee.
type trials struct {
	mutex sync.Mutex
	spent map[string]uint64
}

func newTrials() *trials { return &trials{spent: map[string]uint64{}} }

// mayTry says that what an account sends is tried.
func (t *trials) mayTry(account []byte) bool {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	return t.spent[string(account)] < failedGasMax
}

// failed counts a trial that was in vain.
func (t *trials) failed(account sdk.AccAddress, gas uint64) {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	t.spent[string(account)] += gas
}

// forget begins anew, behind a block.
func (t *trials) forget() {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	clear(t.spent)
}
