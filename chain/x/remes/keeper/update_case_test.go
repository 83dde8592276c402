package keeper

import (
	"encoding/binary"
	"errors"
	"slices"
	"testing"

	"r3mes.dev/chain/x/remes/types"
)

// tensorUpdate is the update of the one factor that the trainer trains, as a party claims it.
type tensorUpdate struct {
	claim types.UpdateClaim
	// signs and sums are the items of its lists, one for each tile.
	signs, sums [][]byte
}

const (
	factorColumns = 64
	tileColumns   = 32
	elements      = 16 * factorColumns
	keptMost      = (elements*90 + 999) / 1000
	factorWriter  = 2 // the record that writes the factor
)

// changes are those of the factor over a whole chunk, by index.
func (r *run) changes() []int64 {
	before, after := r.traces[0].before[0], r.traces[localSteps-1].after()[0]
	list := make([]int64, elements)
	for i := range list {
		tile, place := placeOf(i)
		list[i] = int64(int32(binary.LittleEndian.Uint32(before[tile][4*place:]))) -
			int64(int32(binary.LittleEndian.Uint32(after[tile][4*place:])))
	}
	return list
}

func placeOf(index int) (tile, place int) {
	row, column := index/factorColumns, index%factorColumns
	return column / tileColumns, row*tileColumns + column%tileColumns
}

func size(change int64) int64 { return max(change, -change) }

// update compresses what a run changed, by sorting.
func (r *run) update() tensorUpdate {
	changes := r.changes()
	var order []int
	for i, change := range changes {
		if change != 0 {
			order = append(order, i)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return int(size(changes[b]) - size(changes[a])) })
	claim := types.UpdateClaim{Threshold: 1, Last: elements - 1}
	if len(order) >= keptMost {
		order = order[:keptMost]
		last := order[keptMost-1]
		claim.Threshold, claim.Last = uint32(size(changes[last])), uint32(last)
	}
	var sum int64
	for _, i := range order {
		sum += size(changes[i])
	}
	claim.Kept = uint32(len(order))
	claim.Scale = uint32(min(1<<22, sum/int64(max(1, len(order)))))
	return listed(claim, changes, order)
}

// listed writes the lists of a selection.
func listed(claim types.UpdateClaim, changes []int64, chosen []int) tensorUpdate {
	u := tensorUpdate{claim: claim}
	kept, sum := uint32(0), uint64(0)
	for tile := range elements / (16 * tileColumns) {
		signs := make([]byte, 16*tileColumns)
		for _, i := range chosen {
			if at, place := placeOf(i); at == tile {
				kept++
				sum += uint64(size(changes[i]))
				signs[place] = 1
				if changes[i] < 0 {
					signs[place] = 255
				}
			}
		}
		u.signs = append(u.signs, types.SignsItem(kept, signs))
		u.sums = append(u.sums, types.SumsItem(sum))
	}
	return u.sealed()
}

// sealed has the root of the signs in its claim.
func (u tensorUpdate) sealed() tensorUpdate {
	root := types.SignsRoot(leaves(u.signs))
	u.claim.SignsRoot = root[:]
	return u
}

func (u tensorUpdate) root() []byte {
	root := types.UpdateRoot([]types.Hash{types.UpdateItem(u.claim)})
	return root[:]
}

func leaves(items [][]byte) []types.Hash {
	list := make([]types.Hash, len(items))
	for i, item := range items {
		list[i] = types.LeafHash(item)
	}
	return list
}

// selectedBy is what a claim keeps of true changes.
func selectedBy(claim types.UpdateClaim, changes []int64) tensorUpdate {
	var chosen []int
	for i, change := range changes {
		bound := int64(claim.Threshold)
		if size(change) > bound || size(change) == bound && i <= int(claim.Last) {
			chosen = append(chosen, i)
		}
	}
	return listed(claim, changes, chosen)
}

// postOf is the move of a defender that stands by an update.
func (c *court) postOf(u tensorUpdate, file types.Case) *types.MsgPostTrace {
	msg := &types.MsgPostTrace{Operator: c.operatorOf("m1"), CaseId: file.Id}
	switch {
	case file.Claim.Stage == types.CASE_STAGE_TENSORS:
		msg.Children = bytesOf([]types.Hash{types.UpdateItem(u.claim)})
	case file.AboutScale():
		root := types.SumsRoot(leaves(u.sums))
		msg.TraceRoot, msg.Children = root[:], bytesOf(leaves(u.sums))
	default:
		var records []types.Hash
		for _, text := range c.trainer.records {
			records = append(records, types.LeafHash(text))
		}
		msg.Update, msg.Children = &u.claim, bytesOf(leaves(u.signs))
		msg.Record = c.trainer.records[factorWriter]
		msg.RecordProof = &types.MerkleProof{
			Index: factorWriter, Siblings: bytesOf(types.ProveSlots(records, []uint64{factorWriter})),
		}
	}
	return msg
}

// objection is the first posted node that truth does not have; the scale, or the last tile, if there
// is none.
func (c *court) objection(file types.Case) uint32 {
	truth := selectedBy(*file.Update, c.truth.changes())
	own := leaves(truth.signs)
	if file.AboutScale() {
		own = leaves(truth.sums)
	}
	for i, hash := range own {
		if string(hash[:]) != string(file.Claim.Children[i]) {
			return uint32(i)
		}
	}
	if !file.AboutScale() && truth.claim.Kept == selectedKept(truth) {
		return 256
	}
	return uint32(len(own) - 1)
}

func selectedKept(u tensorUpdate) uint32 {
	return binary.LittleEndian.Uint32(u.signs[len(u.signs)-1])
}

// executionOf brings what the disputed tile of an update is judged with.
func (c *court) executionOf(u tensorUpdate, file types.Case) *types.MsgExecuteTile {
	msg := &types.MsgExecuteTile{Executor: c.address("c"), CaseId: file.Id}
	place := file.Claim.Index
	for _, state := range [][2]tiles{c.truth.traces[0].before, c.truth.traces[localSteps-1].after()} {
		input := types.TileInput{First: uint32(place), Count: 1, Stride: 1, Payload: state[0][place]}
		input.Proof.Hashes = bytesOf(
			types.ProveSlots(leavesOf(tensorsOfProgram[weightSlot], state[0]), []uint64{place}))
		input.TensorProof.Siblings = bytesOf(types.ProveSlots(stateRoots(state), []uint64{0}))
		msg.Inputs = append(msg.Inputs, input)
	}
	item := func(items [][]byte, place uint64) {
		msg.Items = append(msg.Items, types.ListItem{Content: items[place], Proof: types.MerkleProof{
			Index: place, Siblings: bytesOf(types.ProveSlots(leaves(items), []uint64{place})),
		}})
	}
	if file.AboutScale() {
		item(u.signs, place)
	}
	if place > 0 && file.AboutScale() {
		item(u.sums, place-1)
	} else if place > 0 {
		item(u.signs, place-1)
	}
	return msg
}

// disputeUpdate plays a case about the update of m1 to its tile; pin is what the challenger names.
func (c *court) disputeUpdate(
	id uint64, challenger string, pin func(types.Case) uint32,
) types.CaseOutcome {
	c.t.Helper()
	for range 10 {
		file := c.file(id)
		switch {
		case file.Claim.Stage == types.CASE_STAGE_EXECUTION:
			outcome := do(c.world, c.msgs.ExecuteTile, c.executionOf(c.update, file)).Outcome
			c.must(c.keeper.CheckInvariants(c.ctx))
			return outcome
		case file.DefenderMoves():
			do(c.world, c.msgs.PostTrace, c.postOf(c.update, file))
		default:
			do(c.world, c.msgs.Pinpoint, &types.MsgPinpoint{
				Operator: challenger, CaseId: id, Child: pin(file)})
		}
		c.next()
	}
	c.t.Fatalf("case %d does not end: %v", id, c.file(id))
	return types.CASE_OUTCOME_UNSPECIFIED
}

// accusedOfUpdate has the first drawn verifier call the update of m1 wrong.
func (c *court) accusedOfUpdate() (file types.Case, verifier string) {
	c.t.Helper()
	id := c.leases[0].Id
	verifier = c.nameOf(c.audit(id).Seats[0].Verifier, verifiers...)
	verdicts := map[string]types.Verdict{}
	for _, name := range verifiers {
		verdicts[name] = types.VERDICT_VALID
	}
	verdicts[verifier] = types.VERDICT_UPDATE_INVALID
	c.judge(id, verdicts, verifiers...)
	c.next()
	open, err := c.keeper.openCasesOf(c.ctx, id)
	c.must(err)
	if len(open) != 1 || open[0].Kind != types.CASE_KIND_UPDATE || open[0].Bond != 0 ||
		open[0].Challenger != c.address(verifier) || open[0].Defender != c.address("m1") {
		c.t.Fatalf("the cases are %v", open)
	}
	return open[0], verifier
}

// randomUpdate keeps as many elements as the true one, but others, in both tiles.
func randomUpdate(u tensorUpdate) tensorUpdate {
	changes := make([]int64, elements)
	var chosen []int
	for i := range int(u.claim.Kept) {
		index := i * 11 % elements
		changes[index] = int64(1 + i%7 - 2*(i%2)*(1+i%7))
		chosen = append(chosen, index)
	}
	return listed(u.claim, changes, chosen)
}

func TestAWrongUpdateIsConvictedByOneTile(t *testing.T) {
	for name, distort := range map[string]func(tensorUpdate) tensorUpdate{
		"drawn at random": randomUpdate,
		"one sign turned": func(u tensorUpdate) tensorUpdate {
			place := 4 + slices.IndexFunc(u.signs[1][4:], func(b byte) bool { return b != 0 })
			u.signs[1][place] ^= 0xfe
			return u.sealed()
		},
		"one element that lies behind": func(u tensorUpdate) tensorUpdate {
			chosen := slices.IndexFunc(u.signs[0][4:], func(b byte) bool { return b != 0 })
			other := slices.Index(u.signs[0][4:], 0)
			u.signs[0][4+chosen], u.signs[0][4+other] = 0, 1
			return u.sealed()
		},
		"a count that is not that of its signs": func(u tensorUpdate) tensorUpdate {
			place := 4 + slices.IndexFunc(u.signs[1][4:], func(b byte) bool { return b != 0 })
			u.signs[1][place] = 0
			binary.LittleEndian.PutUint32(u.signs[1], u.claim.Kept-1)
			return u.sealed()
		},
		"a larger scale": func(u tensorUpdate) tensorUpdate {
			u.claim.Scale++
			return u
		},
		"a larger scale, and sums that give it": func(u tensorUpdate) tensorUpdate {
			u.claim.Scale++
			u.sums[1] = types.SumsItem(binary.LittleEndian.Uint64(u.sums[1]) + uint64(u.claim.Kept))
			return u
		},
	} {
		t.Run(name, func(t *testing.T) {
			c := newCourtOf(t, honest, distort, unchanged)
			id := c.leases[0].Id
			file, verifier := c.accusedOfUpdate()
			outcome := c.disputeUpdate(file.Id, c.operatorOf(verifier), c.objection)
			if outcome != types.CASE_OUTCOME_CONVICTED {
				t.Fatalf("the case ended %s", outcome)
			}
			slot := uint64(1_000 * types.REMES)
			offence, fined := c.offence("m1", types.FAULT_WRONG_STEP, id)
			if !fined || offence.Taken != slot || offence.Awarded != slot*3/10 {
				t.Fatalf("the fine is %v", offence)
			}
			for _, move := range c.file(file.Id).Moves {
				if move.Height == 0 {
					t.Fatal("a move has no height")
				}
			}
			if fined := c.finedVerdicts(); len(fined) > 0 {
				t.Fatalf("%v were fined for how the miner defended", fined)
			}
			c.find(types.WRONG_PART_UPDATE, verifiers...)
			c.next()
			other := c.nameOf(c.audit(id).Seats[1].Verifier, verifiers...)
			if fined := c.finedVerdicts(); !slices.Equal(fined, []string{other}) {
				t.Fatalf("%s called it valid, %v were fined", other, fined)
			}
		})
	}
}

func TestARightUpdateIsAcquitted(t *testing.T) {
	for name, pin := range map[string]func(types.Case) uint32{
		"its first tile": func(types.Case) uint32 { return 0 },
		"its last tile":  func(types.Case) uint32 { return 1 },
		"its scale": func(file types.Case) uint32 {
			if file.AboutScale() {
				return 1
			}
			return 256
		},
	} {
		t.Run(name, func(t *testing.T) {
			c := newCourt(t, honest, unchanged)
			file, verifier := c.accusedOfUpdate()
			outcome := c.disputeUpdate(file.Id, c.operatorOf(verifier), pin)
			if outcome != types.CASE_OUTCOME_ACQUITTED {
				t.Fatalf("the case ended %s", outcome)
			}
			id := c.leases[0].Id
			if offence, _ := c.offence(verifier, types.FAULT_WRONG_VERDICT, id); offence.Taken != 3_000*types.REMES {
				t.Fatalf("the fine of the verifier is %v", offence)
			}
			if _, fined := c.offence("m1", types.FAULT_WRONG_STEP, id); fined {
				t.Fatal("the miner was fined")
			}
		})
	}
}

func TestAnybodyMayChallengeAnUpdate(t *testing.T) {
	c := newCourtOf(t, honest, randomUpdate, unchanged)
	for _, lease := range c.leases {
		c.judge(lease.Id, everybodyValid, verifiers...)
	}
	c.next()
	msg := c.challengeMsg("c", 2)
	msg.Kind = types.CASE_KIND_UPDATE
	if _, err := deliver(c.world, c.msgs.Challenge, msg); !errors.Is(err, types.ErrChallengeStepInvalid) {
		t.Fatalf("an update has no step: %v", err)
	}
	msg.Step = 0
	id := do(c.world, c.msgs.Challenge, msg).CaseId
	if outcome := c.disputeUpdate(id, c.address("c"), c.objection); outcome != types.CASE_OUTCOME_CONVICTED {
		t.Fatalf("the case ended %s", outcome)
	}
	c.find(types.WRONG_PART_UPDATE, verifiers...)
	c.next()
	if fined := c.finedVerdicts(); len(fined) != 2 {
		t.Fatalf("of the two drawn %v were fined", fined)
	}
}

func TestMovesAboutAnUpdateAreRefused(t *testing.T) {
	c := newCourt(t, honest, unchanged)
	file, verifier := c.accusedOfUpdate()
	post := func(change func(*types.MsgPostTrace)) error {
		msg := c.postOf(c.update, c.file(file.Id))
		change(msg)
		_, err := deliver(c.world, c.msgs.PostTrace, msg)
		return err
	}
	refuse := func(what string, want, err error) {
		t.Helper()
		if !errors.Is(err, want) {
			t.Fatalf("%s: %v", what, err)
		}
	}
	refuse("another item", types.ErrTraceInvalid, post(func(m *types.MsgPostTrace) {
		m.Children = [][]byte{hashOf("other")}
	}))
	refuse("a tensor too early", types.ErrCaseMoveWrong, post(func(m *types.MsgPostTrace) {
		m.Update = &c.update.claim
	}))
	do(c.world, c.msgs.PostTrace, c.postOf(c.update, c.file(file.Id)))
	altered := func(change func(*types.UpdateClaim)) func(*types.MsgPostTrace) {
		return func(m *types.MsgPostTrace) {
			claim := *m.Update
			change(&claim)
			m.Update = &claim
		}
	}
	refuse("no tensor", types.ErrCaseMoveWrong, post(func(m *types.MsgPostTrace) { m.Update = nil }))
	refuse("another scale", types.ErrTraceInvalid, post(altered(func(u *types.UpdateClaim) { u.Scale++ })))
	refuse("no threshold", types.ErrTraceInvalid, post(altered(func(u *types.UpdateClaim) { u.Threshold = 0 })))
	refuse("an index beyond", types.ErrTraceInvalid, post(altered(func(u *types.UpdateClaim) { u.Last = elements })))
	refuse("another record", types.ErrProgramProofInvalid, post(func(m *types.MsgPostTrace) {
		m.Record = c.trainer.records[3]
	}))
	do(c.world, c.msgs.PostTrace, c.postOf(c.update, c.file(file.Id)))
	pin := func(child uint32) error {
		_, err := deliver(c.world, c.msgs.Pinpoint, &types.MsgPinpoint{
			Operator: c.operatorOf(verifier), CaseId: file.Id, Child: child})
		return err
	}
	refuse("no child", types.ErrPinpointInvalid, pin(2))
	c.must(pin(1))
	execute := func(change func(*types.MsgExecuteTile)) error {
		msg := c.executionOf(c.update, c.file(file.Id))
		change(msg)
		_, err := deliver(c.world, c.msgs.ExecuteTile, msg)
		return err
	}
	refuse("one state", types.ErrTileInputInvalid, execute(func(m *types.MsgExecuteTile) { m.Inputs = m.Inputs[:1] }))
	refuse("states turned round", types.ErrMerkleProofInvalid, execute(func(m *types.MsgExecuteTile) {
		m.Inputs[0], m.Inputs[1] = m.Inputs[1], m.Inputs[0]
	}))
	refuse("another tile", types.ErrTileInputInvalid, execute(func(m *types.MsgExecuteTile) { m.Inputs[0].First = 0 }))
	refuse("no item before", types.ErrTileInputInvalid, execute(func(m *types.MsgExecuteTile) { m.Items = nil }))
	refuse("an item too many", types.ErrTileInputInvalid, execute(func(m *types.MsgExecuteTile) {
		m.Items = append(m.Items, m.Items[0])
	}))
	refuse("another item before", types.ErrMerkleProofInvalid, execute(func(m *types.MsgExecuteTile) {
		m.Items[0].Content = slices.Clone(m.Items[0].Content)
		m.Items[0].Content[0]++
	}))
	c.must(execute(func(*types.MsgExecuteTile) {}))
}
