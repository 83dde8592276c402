package keeper

import (
	"encoding/binary"
	"errors"
	"slices"
	"testing"

	"r3mes.dev/chain/x/remes/types"
)

// tensorSum is a sum of a round as a party claims it: the tiles of the factor, of what its optimizer
// keeps, and of the momentum.
type tensorSum struct{ factor, moment, momentum tiles }

// sum adds up the updates of the miners whose work is not left out, element by element.
func (c *court) sum() tensorSum {
	c.t.Helper()
	updates := c.updates()
	var scales []int64
	for _, u := range updates {
		scales = append(scales, int64(u.claim.Scale))
	}
	slices.Sort(scales)
	limit := scales[(len(scales)-1)/2]
	s, count := tensorSum{}, int64(len(updates))
	for tile, payload := range c.trainer.start[0] {
		factor, momentum := make([]byte, len(payload)), make([]byte, len(payload))
		for i := range len(payload) / 4 {
			total := int64(0)
			for _, u := range updates {
				total += min(int64(u.claim.Scale), limit) * int64(int8(u.signs[tile][4+i]))
			}
			mean := (2*max(total, -total) + count) / (2 * count)
			if total < 0 {
				mean = -mean
			}
			// The pool's momentum is 128 and its rate 640, in 1/256; nothing here comes near 2^30.
			direction := mean + (mean*128+128)>>8
			before := int64(int32(binary.LittleEndian.Uint32(payload[4*i:])))
			binary.LittleEndian.PutUint32(momentum[4*i:], uint32(int32(mean)))
			binary.LittleEndian.PutUint32(
				factor[4*i:], uint32(int32(before-(direction*640+128)>>8)))
		}
		s.factor, s.momentum = append(s.factor, factor), append(s.momentum, momentum)
		s.moment = append(s.moment, make([]byte, len(payload)))
	}
	return s
}

// updates are those that the sum is of, in the order of their submissions.
func (c *court) updates() []tensorUpdate {
	if len(c.trained) == 0 {
		c.trained = []tensorUpdate{c.update}
		for _, lease := range c.leases[1:] {
			c.trained = append(c.trained, c.trainer.train(c.pool, lease.Chunk, honest).update())
		}
	}
	var summed []tensorUpdate
	for i, lease := range c.leases {
		if !slices.Contains(c.leftOut, lease.Id) {
			summed = append(summed, c.trained[i])
		}
	}
	return summed
}

func (s tensorSum) copied() tensorSum {
	copyOf := func(list tiles) tiles {
		out := slices.Clone(list)
		for i := range out {
			out[i] = slices.Clone(out[i])
		}
		return out
	}
	return tensorSum{copyOf(s.factor), copyOf(s.moment), copyOf(s.momentum)}
}

func (s tensorSum) root() []byte {
	root := types.TreeRoot(stateRoots([2]tiles{s.factor, s.moment}))
	return root[:]
}

func (s tensorSum) momentumRoots() []types.Hash {
	return []types.Hash{stateRoots([2]tiles{s.momentum, s.moment})[0]}
}

func (s tensorSum) momentumRoot() []byte {
	root := types.MomentumRoot(s.momentumRoots())
	return root[:]
}

// tensor is the tiles of the disputed tensor.
func (s tensorSum) tensor(file types.Case) tiles {
	switch {
	case file.AboutMomentum():
		return s.momentum
	case file.Operation == 0:
		return s.factor
	}
	return s.moment
}

// nodes are what a claim of a case shows below itself; each tree here fits one post.
func (s tensorSum) nodes(file types.Case) []types.Hash {
	switch {
	case file.Claim.Stage == types.CASE_STAGE_TENSORS && file.AboutMomentum():
		return s.momentumRoots()
	case file.Claim.Stage == types.CASE_STAGE_TENSORS:
		return stateRoots([2]tiles{s.factor, s.moment})
	}
	return leavesOf(tensorsOfProgram[weightSlot+s.state(file)], s.tensor(file))
}

// state is the place of the disputed tensor, or of the factor of its momentum, in the state.
func (s tensorSum) state(file types.Case) int {
	if file.AboutMomentum() {
		return 0
	}
	return int(file.Operation)
}

func (c *court) attestSum(name string, s tensorSum) {
	c.t.Helper()
	do(c.world, c.msgs.Attest, &types.MsgAttest{
		Operator: c.operatorOf(name), PoolId: c.pool, Round: 1, Root: s.root(),
		Cid: cidOf("sum"), HeldOutLoss: 4_000, MomentumRoot: s.momentumRoot(), LeftOut: c.leftOut,
	})
}

// summed has the work of a round accepted, and its sum asked for.
func summed(t testing.TB, change func(*types.Params)) *court {
	t.Helper()
	c := newCourtOf(t, honest, randomUpdate, change) // a sum asks nobody where its updates come from
	for _, lease := range c.leases {
		c.judge(lease.Id, everybodyValid, verifiers...)
	}
	c.until("the sum is asked for", c.inPhase(c.pool, 1, types.ROUND_PHASE_AGGREGATION))
	return c
}

func (c *court) openSums() []types.Case {
	open, err := c.keeper.openCasesOfSum(c.ctx, c.round(c.pool, 1))
	c.must(err)
	return open
}

func (c *court) version() types.AdapterVersion {
	adapter, err := c.keeper.Adapters.Get(c.ctx, 1)
	c.must(err)
	return adapter
}

func (c *court) postOfSum(s tensorSum, file types.Case, operator string) *types.MsgPostTrace {
	msg := &types.MsgPostTrace{
		Operator: operator, CaseId: file.Id, Children: bytesOf(s.nodes(file)),
	}
	if file.Claim.Stage == types.CASE_STAGE_TILES {
		writer := uint64(factorWriter + s.state(file))
		var records []types.Hash
		for _, text := range c.trainer.records {
			records = append(records, types.LeafHash(text))
		}
		msg.Record = c.trainer.records[writer]
		msg.RecordProof = &types.MerkleProof{
			Index: writer, Siblings: bytesOf(types.ProveSlots(records, []uint64{writer})),
		}
	}
	return msg
}

// executionOfSum brings what the disputed tile is computed from; the round started from the model's
// own adapter, so there is no momentum before.
func (c *court) executionOfSum(file types.Case) *types.MsgExecuteTile {
	msg := &types.MsgExecuteTile{Executor: c.address("d"), CaseId: file.Id}
	if !file.AboutMomentum() && file.Operation == 1 {
		return msg // what an optimizer keeps
	}
	place := file.Claim.Index
	input := types.TileInput{First: uint32(place), Count: 1, Stride: 1, Payload: c.trainer.start[0][place]}
	input.Proof.Hashes = bytesOf(
		types.ProveSlots(leavesOf(tensorsOfProgram[weightSlot], c.trainer.start[0]), []uint64{place}))
	input.TensorProof.Siblings = bytesOf(types.ProveSlots(stateRoots(c.trainer.start), []uint64{0}))
	msg.Inputs = []types.TileInput{input}
	for _, u := range c.updates() {
		content := binary.LittleEndian.AppendUint32(nil, u.claim.Scale)
		content = binary.LittleEndian.AppendUint32(content, u.claim.Kept)
		msg.Updates = append(msg.Updates, types.SummedUpdate{
			Tensor: types.ListItem{Content: append(content, u.claim.SignsRoot...)},
			Signs: types.ListItem{Content: u.signs[place], Proof: types.MerkleProof{
				Index: place, Siblings: bytesOf(types.ProveSlots(leaves(u.signs), []uint64{place})),
			}},
		})
	}
	return msg
}

// disputeSum plays a case about a sum to its tile. The challenger names what differs from its own
// sum, or the first node where nothing does.
func (c *court) disputeSum(
	id uint64, defends, challenges tensorSum, defender, challenger string,
) types.CaseOutcome {
	c.t.Helper()
	for range 10 {
		file := c.file(id)
		switch {
		case file.Claim.Stage == types.CASE_STAGE_EXECUTION:
			outcome := do(c.world, c.msgs.ExecuteTile, c.executionOfSum(file)).Outcome
			c.must(c.keeper.CheckInvariants(c.ctx))
			return outcome
		case file.DefenderMoves():
			do(c.world, c.msgs.PostTrace, c.postOfSum(defends, file, defender))
		default:
			child := 0
			for i, hash := range challenges.nodes(file) {
				if string(hash[:]) != string(file.Claim.Children[i]) {
					child = i
					break
				}
			}
			do(c.world, c.msgs.Pinpoint, &types.MsgPinpoint{
				Operator: challenger, CaseId: id, Child: uint32(child)})
		}
		c.next()
	}
	c.t.Fatalf("case %d does not end: %v", id, c.file(id))
	return types.CASE_OUTCOME_UNSPECIFIED
}

// lies are the ways in which a sum can be wrong.
var lies = map[string]func(tensorSum){
	"an element of the factor":         func(s tensorSum) { s.factor[1][8]++ },
	"an element of its momentum":       func(s tensorSum) { s.momentum[0][4]++ },
	"what the optimizer should forget": func(s tensorSum) { s.moment[1][0]++ },
}

func (c *court) falseSum(lie func(tensorSum)) tensorSum {
	s := c.sum().copied()
	lie(s)
	return s
}

// twoOfThree lets two of three equal verifiers adopt a sum.
func twoOfThree(p *types.Params) { p.Round.AttestQuorumPpm = 600_000 }

const half = 3_000 * types.REMES // of a verifier's bond

func TestAWrongSumOfTheMajorityIsConvictedByWhoeverAttestedTheTruth(t *testing.T) {
	for name, lie := range lies {
		t.Run(name, func(t *testing.T) {
			c := summed(t, twoOfThree)
			wrong := c.falseSum(lie)
			c.attestSum("v1", wrong)
			c.attestSum("v3", c.sum())
			c.attestSum("v2", wrong)
			c.next()
			if c.world.pool(c.pool).AdapterId != 1 {
				t.Fatal("the majority's sum was not adopted")
			}
			open := c.openSums()
			if len(open) != 1 || open[0].Challenger != c.address("v3") || open[0].Bond != 0 {
				t.Fatalf("the cases are %v", open)
			}
			before := c.bank.of(c.ctx, c.address("v3"))
			outcome := c.disputeSum(open[0].Id, wrong, c.sum(), c.operatorOf("v2"), c.operatorOf("v3"))
			if outcome != types.CASE_OUTCOME_CONVICTED {
				t.Fatalf("the case ended %s", outcome)
			}
			for _, liar := range []string{"v1", "v2"} {
				if fine, _ := c.offence(liar, types.FAULT_WRONG_SUM, open[0].Id); fine.Taken != half {
					t.Fatalf("the fine of %s is %v", liar, fine)
				}
			}
			if got := c.bank.of(c.ctx, c.address("v3")) - before; got != 2*half*3/10 {
				t.Fatalf("who was right got %d", got)
			}
			if c.version().Status != types.ADAPTER_STATUS_RECALLED || c.world.pool(c.pool).AdapterId != 0 {
				t.Fatalf("the version is %s", c.version().Status)
			}
			answer, err := c.ask.Case(c.ctx, &types.QueryCaseRequest{Id: open[0].Id})
			c.must(err)
			if len(answer.Offences) != 2 {
				t.Fatalf("the file names %v", answer.Offences)
			}
			c.until("the work is paid all the same", func() bool {
				return len(c.round(c.pool, 1).SubmissionsRoot) > 0
			})
		})
	}
}

func TestAWrongSumOfAMinorityIsFined(t *testing.T) {
	for name, lie := range lies {
		t.Run(name, func(t *testing.T) {
			c := summed(t, twoOfThree)
			wrong := c.falseSum(lie)
			c.attestSum("v3", wrong)
			c.attestSum("v1", c.sum())
			c.attestSum("v2", c.sum())
			c.next()
			id := c.openSums()[0].Id
			outcome := c.disputeSum(id, c.sum(), wrong, c.operatorOf("v1"), c.operatorOf("v3"))
			if outcome != types.CASE_OUTCOME_ACQUITTED {
				t.Fatalf("the case ended %s", outcome)
			}
			if fine, _ := c.offence("v3", types.FAULT_WRONG_SUM, id); fine.Taken != half || fine.Awarded != 0 {
				t.Fatalf("the fine is %v", fine)
			}
			for _, honest := range []string{"v1", "v2"} {
				if bond := c.bond(honest, types.ROLE_VERIFIER); bond.Amount != 6_000*types.REMES {
					t.Fatalf("%s has a bond of %d", honest, bond.Amount)
				}
			}
			c.until("the version is mature", func() bool {
				return c.version().Status == types.ADAPTER_STATUS_MATURE
			})
		})
	}
}

func TestASumIsMatureNoEarlierThanItsWindowEnds(t *testing.T) {
	c := summed(t, func(p *types.Params) { p.Dispute.ChallengeBlocks = 20 })
	for _, name := range verifiers {
		c.attestSum(name, c.sum())
	}
	c.next()
	end := c.round(c.pool, 1).SumEndHeight
	c.until("the version is mature", func() bool {
		return c.version().Status == types.ADAPTER_STATUS_MATURE
	})
	if end == 0 || c.height <= end {
		t.Fatalf("it was at height %d, its sum could be challenged until %d", c.height, end)
	}
	left, err := valuesOf(c.ctx, c.keeper.Attestations, nil)
	c.must(err)
	if round := c.round(c.pool, 1); len(left) != 0 || round.SumOpen() {
		t.Fatalf("%d attestations are left, the round is %v", len(left), round)
	}
}

func TestAnybodyMayChallengeASum(t *testing.T) {
	for name, lie := range lies {
		t.Run(name, func(t *testing.T) {
			c := summed(t, func(p *types.Params) { p.Dispute.ChallengeBlocks = 100 })
			wrong := c.falseSum(lie)
			for _, name := range verifiers {
				c.attestSum(name, wrong)
			}
			c.next()
			msg := c.sumChallenge("c")
			msg.Momentum = string(wrong.root()) == string(c.sum().root())
			id := do(c.world, c.msgs.Challenge, msg).CaseId
			outcome := c.disputeSum(id, wrong, c.sum(), c.operatorOf("v1"), c.address("c"))
			if outcome != types.CASE_OUTCOME_CONVICTED {
				t.Fatalf("the case ended %s", outcome)
			}
			if purse := c.bank.of(c.ctx, c.address("c")); purse != purse0+3*half*3/10 {
				t.Fatalf("the challenger has %d", purse)
			}
		})
	}
}

func (c *court) sumChallenge(name string) *types.MsgChallenge {
	return &types.MsgChallenge{
		Challenger: c.address(name), Kind: types.CASE_KIND_AGGREGATE, PoolId: c.pool, Round: 1,
	}
}

func TestAGrieferOfARightSumLosesItsBond(t *testing.T) {
	c := summed(t, func(p *types.Params) { p.Dispute.OpenCasesMax = 1 })
	for _, name := range verifiers {
		c.attestSum(name, c.sum())
	}
	c.next()
	first := do(c.world, c.msgs.Challenge, c.sumChallenge("c")).CaseId
	if answer := do(c.world, c.msgs.Challenge, c.sumChallenge("e")); !answer.Queued {
		t.Fatalf("the second challenge got %v", answer)
	}
	outcome := c.disputeSum(first, c.sum(), c.sum(), c.operatorOf("v1"), c.address("c"))
	if outcome != types.CASE_OUTCOME_ACQUITTED {
		t.Fatalf("the case ended %s", outcome)
	}
	if left := c.bank.of(c.ctx, c.address("c")); left != purse0-100*types.REMES {
		t.Fatalf("the griefer has %d", left)
	}
	next := c.openSums()
	if len(next) != 1 || next[0].Challenger != c.address("e") {
		t.Fatalf("the cases are %v", next)
	}
	do(c.world, c.msgs.PostTrace, c.postOfSum(c.sum(), next[0], c.operatorOf("v1")))
	c.until("the next has nothing to name", func() bool { return !c.file(next[0].Id).Open() })
	if left := c.bank.of(c.ctx, c.address("e")); left != purse0-200*types.REMES { // it waited
		t.Fatalf("who said nothing has %d", left)
	}
	c.until("the version is mature", func() bool {
		return c.version().Status == types.ADAPTER_STATUS_MATURE
	})
}

func TestASumThatNobodyDefendsIsRecalled(t *testing.T) {
	c := summed(t, unchanged)
	for _, name := range verifiers {
		c.attestSum(name, c.sum())
	}
	c.next()
	id := do(c.world, c.msgs.Challenge, c.sumChallenge("c")).CaseId
	c.until("the clock runs out", func() bool { return !c.file(id).Open() })
	if outcome := c.file(id).Outcome; outcome != types.CASE_OUTCOME_DEFENDER_SILENT {
		t.Fatalf("the case ended %s", outcome)
	}
	for _, name := range verifiers {
		if fine, _ := c.offence(name, types.FAULT_WRONG_SUM, id); fine.Taken != half {
			t.Fatalf("the fine of %s is %v", name, fine)
		}
	}
	if c.version().Status != types.ADAPTER_STATUS_RECALLED {
		t.Fatalf("the version is %s", c.version().Status)
	}
}

func TestEveryAttesterMayDefendASumAndIsAskedToInTime(t *testing.T) {
	c := summed(t, unchanged)
	for _, name := range verifiers {
		c.attestSum(name, c.sum())
	}
	c.next()
	id := do(c.world, c.msgs.Challenge, c.sumChallenge("c")).CaseId
	file := c.file(id)
	at := slices.IndexFunc(verifiers, func(name string) bool {
		return c.address(name) != file.Defender
	})
	// A key becomes an operator without being asked: it must not lose the duty by that.
	do(c.world, c.msgs.SetOperator, &types.MsgSetOperator{
		Owner: c.address("m1"), Operator: c.address(verifiers[at])})
	for _, name := range verifiers {
		answer, err := c.ask.Duties(c.ctx, &types.QueryDutiesRequest{Operator: c.operatorOf(name)})
		c.must(err)
		asked := slices.IndexFunc(answer.Duties, func(d types.Duty) bool {
			return d.Kind == types.DUTY_KIND_POST_TRACE && d.Id == id
		})
		if asked < 0 {
			t.Fatalf("%s is asked for %v", name, answer.Duties)
		}
		spokesman := c.address(name) == file.Defender
		if spokesman != (answer.Duties[asked].FromHeight == c.height) {
			t.Fatalf("%s is asked from height %d", name, answer.Duties[asked].FromHeight)
		}
	}
	_, err := deliver(c.world, c.msgs.PostTrace, c.postOfSum(c.sum(), file, c.operatorOf("m1")))
	requireRefusal(t, err, types.ErrUnauthorized)
	standIn := c.operatorOf(verifiers[at])
	do(c.world, c.msgs.PostTrace, c.postOfSum(c.sum(), file, standIn))
	_, err = deliver(c.world, c.msgs.Pinpoint, &types.MsgPinpoint{Operator: standIn, CaseId: id})
	requireRefusal(t, err, types.ErrCaseOtherParty)
}

// Where no sum has the quorum the round carries over, and who was wrong pays all the same.
func TestSumsWithoutAQuorumAreDisputedToo(t *testing.T) {
	c := summed(t, unchanged)
	c.attestSum("v1", c.sum())
	c.attestSum("v2", c.falseSum(lies["an element of the factor"]))
	c.until("the round carries over", c.inPhase(c.pool, 1, types.ROUND_PHASE_CARRIED_OVER))
	open := c.openSums()
	if len(open) != 1 {
		t.Fatalf("the cases are %v", open)
	}
	sums := map[string]tensorSum{
		c.address("v1"): c.sum(), c.address("v2"): c.falseSum(lies["an element of the factor"]),
	}
	c.disputeSum(open[0].Id, sums[open[0].Defender], sums[open[0].Challenger],
		open[0].Defender, open[0].Challenger)
	for name, taken := range map[string]uint64{"v1": 0, "v2": half} {
		if fine, _ := c.offence(name, types.FAULT_WRONG_SUM, open[0].Id); fine.Taken != taken {
			t.Fatalf("%s pays %d", name, fine.Taken)
		}
	}
	c.until("the round is settled", func() bool {
		return len(c.round(c.pool, 1).SubmissionsRoot) > 0
	})
}

// A loss is no tile: who differs in it alone opens no case.
func TestAnotherLossOpensNoCase(t *testing.T) {
	c := summed(t, twoOfThree)
	c.attestSum("v1", c.sum())
	do(c.world, c.msgs.Attest, &types.MsgAttest{
		Operator: c.operatorOf("v3"), PoolId: c.pool, Round: 1, Root: c.sum().root(),
		Cid: cidOf("sum"), HeldOutLoss: 1, MomentumRoot: c.sum().momentumRoot(),
	})
	c.attestSum("v2", c.sum())
	c.next()
	if open := c.openSums(); len(open) != 0 || c.version().HeldOutLoss != 4_000 {
		t.Fatalf("the cases are %v", open)
	}
}

func TestMovesAboutASumAreRefused(t *testing.T) {
	c := summed(t, unchanged)
	challenge := func(name string, change func(*types.MsgChallenge)) error {
		msg := c.sumChallenge(name)
		change(msg)
		_, err := deliver(c.world, c.msgs.Challenge, msg)
		return err
	}
	refuse := func(what string, want, err error) {
		t.Helper()
		if !errors.Is(err, want) {
			t.Fatalf("%s: %v", what, err)
		}
	}
	none := func(*types.MsgChallenge) {}
	refuse("before it is adopted", types.ErrChallengeWindowClosed, challenge("c", none))
	wrong := c.falseSum(lies["an element of the factor"])
	for _, name := range verifiers {
		c.attestSum(name, wrong)
	}
	c.next()
	refuse("a step", types.ErrChallengeStepInvalid, challenge("c", func(m *types.MsgChallenge) { m.Step = 1 }))
	refuse("a submission", types.ErrChallengeKindInvalid, challenge("c", func(m *types.MsgChallenge) { m.SubmissionId = 1 }))
	refuse("another round", types.ErrRoundNotFound, challenge("c", func(m *types.MsgChallenge) { m.Round = 9 }))
	refuse("its own sum", types.ErrUnauthorized, challenge("v1", none))
	operates := func(name, operator string) {
		do(c.world, c.msgs.SetOperator, &types.MsgSetOperator{Owner: c.address(name), Operator: operator})
	}
	operates("v1", c.address("c")) // without being asked: it is no attester by that
	c.must(challenge("c", none))
	operates("v1", c.operatorOf("v1"))
	refuse("twice", types.ErrChallengeExists, challenge("c", none))

	id := c.openSums()[0].Id
	execute := func(change func(*types.MsgExecuteTile)) error {
		msg := c.executionOfSum(c.file(id))
		change(msg)
		_, err := deliver(c.world, c.msgs.ExecuteTile, msg)
		return err
	}
	do(c.world, c.msgs.PostTrace, c.postOfSum(wrong, c.file(id), c.operatorOf("v1")))
	do(c.world, c.msgs.Pinpoint, &types.MsgPinpoint{Operator: c.address("c"), CaseId: id, Child: 0})
	post := c.postOfSum(wrong, c.file(id), c.operatorOf("v1"))
	post.Record = c.trainer.records[3]
	_, err := deliver(c.world, c.msgs.PostTrace, post)
	refuse("another record", types.ErrProgramProofInvalid, err)
	do(c.world, c.msgs.PostTrace, c.postOfSum(wrong, c.file(id), c.operatorOf("v1")))
	do(c.world, c.msgs.Pinpoint, &types.MsgPinpoint{Operator: c.address("c"), CaseId: id, Child: 1})

	refuse("no factor", types.ErrTileInputInvalid, execute(func(m *types.MsgExecuteTile) { m.Inputs = nil }))
	refuse("a momentum", types.ErrTileInputInvalid, execute(func(m *types.MsgExecuteTile) {
		m.Inputs = append(m.Inputs, m.Inputs[0])
	}))
	refuse("another tile", types.ErrTileInputInvalid, execute(func(m *types.MsgExecuteTile) { m.Inputs[0].First = 0 }))
	refuse("an update too few", types.ErrMerkleProofInvalid, execute(func(m *types.MsgExecuteTile) {
		m.Updates = m.Updates[1:]
	}))
	refuse("updates in another order", types.ErrMerkleProofInvalid, execute(func(m *types.MsgExecuteTile) {
		m.Updates[0], m.Updates[1] = m.Updates[1], m.Updates[0]
	}))
	refuse("another scale", types.ErrMerkleProofInvalid, execute(func(m *types.MsgExecuteTile) {
		m.Updates[0].Tensor.Content[0]++
	}))
	refuse("other signs", types.ErrMerkleProofInvalid, execute(func(m *types.MsgExecuteTile) {
		m.Updates[2].Signs.Content = slices.Clone(m.Updates[2].Signs.Content)
		m.Updates[2].Signs.Content[9] ^= 1
	}))
	refuse("signs of another tile", types.ErrTileInputInvalid, execute(func(m *types.MsgExecuteTile) {
		m.Updates[1].Signs.Proof.Index = 0
	}))
	refuse("items", types.ErrTileInputInvalid, execute(func(m *types.MsgExecuteTile) {
		m.Items = []types.ListItem{m.Updates[0].Signs}
	}))
	refuse("too much", types.ErrMessageTooLarge, execute(func(m *types.MsgExecuteTile) {
		m.Updates[0].Signs.Content = make([]byte, types.LimitSumInputBytesMax)
	}))
	c.must(execute(func(*types.MsgExecuteTile) {}))
}
