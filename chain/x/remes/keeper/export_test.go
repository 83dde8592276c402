package keeper

import (
	"testing"

	"r3mes.dev/chain/x/remes/types"
)

// dump is everything that the store of a world holds, by key.
func (w *world) dump() map[string]string {
	iterator := w.ctx.KVStore(w.key).Iterator(nil, nil)
	defer iterator.Close()
	all := map[string]string{}
	for ; iterator.Valid(); iterator.Next() {
		all[string(iterator.Key())] = string(iterator.Value())
	}
	return all
}

// reborn is a chain that begins with what this one exports, at the height that this one has come to.
func (w *world) reborn() *world {
	w.t.Helper()
	exported, err := w.keeper.ExportGenesis(w.ctx)
	w.must(err)
	w.must(exported.Validate())
	fresh := newWorld(w.t, unchanged)
	for key := range fresh.dump() {
		fresh.ctx.KVStore(fresh.key).Delete([]byte(key))
	}
	fresh.at(w.height)
	uncovered := fresh.branch()
	if w.bank.of(w.ctx, moduleAddress(types.BondAccountName)) > 0 &&
		uncovered.keeper.InitGenesis(uncovered.ctx, *exported) == nil {
		w.t.Fatal("bonds were imported that no account covers")
	}
	w.must(w.bank.balances.Walk(w.ctx, nil, func(account string, amount uint64) (bool, error) {
		return false, fresh.bank.balances.Set(fresh.ctx, account, amount)
	}))
	w.must(fresh.keeper.InitGenesis(fresh.ctx, *exported))
	return fresh
}

// requireReborn has nothing be lost by an export, nor made by its import.
func requireReborn(t *testing.T, w *world) {
	t.Helper()
	before, after := w.dump(), w.reborn().dump()
	for key, value := range before {
		if got, has := after[key]; !has || got != value {
			t.Errorf("%x was %x and is %x", key, value, got)
		}
		delete(after, key)
	}
	for key, value := range after {
		t.Errorf("%x was nothing and is %x", key, value)
	}
}

// What can be done is what there are records for, so every message finds another state.
func TestAnExportIsTheWholeStore(t *testing.T) {
	for _, a := range attempts(t) {
		t.Run(a.name, func(t *testing.T) { requireReborn(t, a.w) })
	}
}

// A chunk that waited for another lease as its round's training ended does so no more.
func TestAnExportQueuesNoChunkAgain(t *testing.T) {
	w, pool := staffed(t, unchanged)
	w.until("training begins", w.inPhase(pool, 1, types.ROUND_PHASE_TRAINING))
	lost := w.lease(pool, "m1")
	w.commit(w.lease(pool, "m2"), "m2")
	w.until("a lease ends and training too", w.inPhase(pool, 1, types.ROUND_PHASE_REVEAL))
	chunks, err := valuesOf(w.ctx, w.keeper.Chunks, nil)
	w.must(err)
	if chunks[lost.Position].Status != types.CHUNK_STATUS_DROPPED {
		t.Errorf("the chunk is %s", chunks[lost.Position].Status)
	}
	requireReborn(t, w)
}

// What is committed in a state opens under the id of its chain alone: under another every miner, verifier
// and contributor to the beacon that had committed would be fined for its silence.
func TestNoOtherChainGoesOnWithAnExport(t *testing.T) {
	w, _, _ := trained(t, unchanged)
	exported, err := w.keeper.ExportGenesis(w.ctx)
	w.must(err)
	fresh := w.branch()
	fresh.ctx = fresh.ctx.WithChainID("remesdev-2")
	requireRefusal(t, fresh.keeper.InitGenesis(fresh.ctx, *exported), types.ErrMessageInvalid)
	w.must(w.keeper.InitGenesis(w.ctx, *exported))
}

// Bonds that come round to what the account holds would be paid out of what others bonded.
func TestNoSumOfAGenesisComesRound(t *testing.T) {
	w := newWorld(t, unchanged)
	state, err := types.DefaultGenesis(types.PresetDev)
	w.must(err)
	for _, name := range []string{"a", "b"} {
		state.Bonds = append(state.Bonds, types.Bond{
			Owner: w.address(name), Role: types.ROLE_MINER, Amount: 1 << 63})
	}
	if state.Validate() == nil {
		t.Error("a bond above the supply is valid")
	}
	requireRefusal(t, w.keeper.InitGenesis(w.ctx, *state), types.ErrAmountOutOfRange)
}
