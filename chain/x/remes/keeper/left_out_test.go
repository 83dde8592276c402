package keeper

import (
	"fmt"
	"slices"
	"testing"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"r3mes.dev/chain/x/remes/types"
)

// without makes the sum of the round that of the work but for some.
func (c *court) without(places ...int) *court {
	other := *c
	other.leftOut = nil
	for _, place := range places {
		other.leftOut = append(other.leftOut, c.leases[place].Id)
	}
	return &other
}

// contested is a round whose sum is asked for, and whose first work is challenged meanwhile.
func contested(t testing.TB, change func(*types.Params)) (*court, uint64) {
	c := summed(t, change)
	return c, c.challenge("c", 0).CaseId
}

func TestASumIsMadeWithoutWorkThatIsDisputed(t *testing.T) {
	c, id := contested(t, unchanged)
	rest := c.without(0)
	for _, name := range verifiers {
		rest.attestSum(name, rest.sum())
	}
	c.next()
	version, round := c.version(), c.round(c.pool, 1)
	if c.world.pool(c.pool).AdapterId != 1 || version.Submissions != 2 || c.subject().Summed {
		t.Fatalf("the version is %v, the disputed work is in it: %t", version, c.subject().Summed)
	}
	if !slices.Equal(round.LeftOut, rest.leftOut) || round.Accepted != 2 || len(c.openSums()) > 0 {
		t.Fatalf("the round is %v, the cases are %v", round, c.openSums())
	}
	c.until("the miner says nothing", func() bool { return !c.file(id).Open() })
	if outcome := c.file(id).Outcome; outcome != types.CASE_OUTCOME_DEFENDER_SILENT {
		t.Fatalf("the case ended %s", outcome)
	}
	if status := c.version().Status; status == types.ADAPTER_STATUS_RECALLED {
		t.Fatal("the version was recalled for work that is not in it")
	}
	c.until("the version is mature", func() bool {
		return c.version().Status == types.ADAPTER_STATUS_MATURE
	})
}

// It costs its miner one slot; it must not cost all others their round.
func TestASumIsMadeWithoutWorkThatIsConvictedBeforeIt(t *testing.T) {
	c, id := contested(t, func(p *types.Params) { p.Dispute.ClockBlocks = 10 })
	c.until("the miner says nothing", func() bool { return !c.file(id).Open() })
	rest := c.without(0)
	for _, name := range verifiers {
		rest.attestSum(name, rest.sum())
	}
	c.next()
	if status := c.version().Status; status != types.ADAPTER_STATUS_PROVISIONAL {
		t.Fatalf("the version is %s", status)
	}
}

func TestWorkThatWasLeftOutAndIsAcquittedIsPaid(t *testing.T) {
	c, id := contested(t, unchanged)
	rest := c.without(0)
	for _, name := range verifiers {
		rest.attestSum(name, rest.sum())
	}
	c.next()
	c.play(id, c.truth, c.liar, c.operatorOf("m1"), c.address("c"))
	c.until("the challenger has nothing to name", func() bool { return !c.file(id).Open() })
	c.until("the work is mature", func() bool {
		return len(c.round(c.pool, 1).SubmissionsRoot) > 0
	})
	if bond := c.bond("m1", types.ROLE_MINER); bond.Amount != 4_000*types.REMES || bond.Locked != 0 {
		t.Fatalf("the bond of the miner is %v", bond)
	}
}

func TestNoWorkIsLeftOutThatNobodyDisputes(t *testing.T) {
	c, _ := contested(t, unchanged)
	id := func(place int) uint64 { return c.leases[place].Id }
	for name, leftOut := range map[string][]uint64{
		"not disputed": {id(1)},
		"one of them":  {id(0), id(1)},
		"unknown":      {9_999},
		"twice":        {id(0), id(0)},
	} {
		t.Run(name, func(t *testing.T) {
			msg := c.world.attest(c.pool, 1, "v1", 1)
			msg.LeftOut = leftOut
			_, err := deliver(c.world, c.msgs.Attest, msg)
			requireRefusal(t, err, types.ErrAttestationInvalid)
		})
	}
}

func TestASumIsOfAsManySubmissionsAsThePoolAsksFor(t *testing.T) {
	c, _ := contested(t, unchanged)
	pool := c.world.pool(c.pool)
	pool.SubmissionsMin = 3
	c.must(c.keeper.Pools.Set(c.ctx, pool.Id, pool))
	msg := c.world.attest(c.pool, 1, "v1", 1)
	msg.LeftOut = c.without(0).leftOut
	_, err := deliver(c.world, c.msgs.Attest, msg)
	requireRefusal(t, err, types.ErrAttestationInvalid)
}

// Who had the update before it was disputed has attested a sum with it, and nobody may hold that
// against it.
func TestAnAttestationThatLeavesOutMoreReplacesAnother(t *testing.T) {
	c := summed(t, unchanged)
	c.attestSum("v1", c.sum())
	c.challenge("c", 0)
	rest := c.without(0)
	for _, name := range verifiers {
		rest.attestSum(name, rest.sum())
		c.must(c.keeper.CheckInvariants(c.ctx))
	}
	for _, again := range []*court{c, rest} {
		msg := c.world.attest(c.pool, 1, "v1", 1)
		msg.LeftOut = again.leftOut
		_, err := deliver(c.world, c.msgs.Attest, msg)
		requireRefusal(t, err, types.ErrAttestationExists)
	}
	c.next()
	if bond := c.version().AttestedBond; bond != 18_000*types.REMES || len(c.openSums()) > 0 {
		t.Fatalf("%d stand behind the version, the cases are %v", bond, c.openSums())
	}
}

func TestWhoAttestedTheSumOfOtherWorkIsNoDissenter(t *testing.T) {
	c, _ := contested(t, twoOfThree)
	rest := c.without(0)
	c.attestSum("v3", c.sum())
	rest.attestSum("v1", rest.sum())
	rest.attestSum("v2", rest.sum())
	c.next()
	if c.world.pool(c.pool).AdapterId != 1 || len(c.openSums()) > 0 {
		t.Fatalf("the cases are %v", c.openSums())
	}
	// It may hold a sum against the others that is of their work.
	if answer := do(c.world, c.msgs.Challenge, c.sumChallenge("v3")); answer.Queued {
		t.Fatal("the challenge waits")
	}
}

// The same roots with another list are another sum: whoever attested them for all work stands by that.
func TestAFalseSumOfLessWorkConvictsNobodyWhoSummedAll(t *testing.T) {
	c, _ := contested(t, twoOfThree)
	rest := c.without(0)
	c.attestSum("v3", c.sum())
	rest.attestSum("v1", c.sum()) // of three, said to be of two
	rest.attestSum("v2", c.sum())
	c.next()
	id := do(c.world, c.msgs.Challenge, c.sumChallenge("d")).CaseId
	outcome := rest.disputeSum(id, c.sum(), rest.sum(), c.operatorOf("v1"), c.address("d"))
	if outcome != types.CASE_OUTCOME_CONVICTED {
		t.Fatalf("the case ended %s", outcome)
	}
	for name, fined := range map[string]bool{"v1": true, "v2": true, "v3": false} {
		if _, found := c.offence(name, types.FAULT_WRONG_SUM, id); found != fined {
			t.Errorf("%s was fined: %t", name, found)
		}
	}
}

// What is left out does not come back with an export, before the sum is adopted or after.
func TestASumWithoutSomeWorkIsExportedAsItIs(t *testing.T) {
	c, _ := contested(t, twoOfThree)
	rest := c.without(0)
	for _, name := range []string{"v1", "v2"} {
		rest.attestSum(name, rest.sum())
		requireReborn(t, c.world)
	}
	c.next()
	requireReborn(t, c.world)
}

// Its work is off the list like that of an adopted result, and the index learns of it from nothing else.
func TestARoundThatIsCarriedOverTellsWhatItsLeadingResultLeavesOut(t *testing.T) {
	c, _ := contested(t, unchanged)
	rest := c.without(0)
	rest.attestSum("v1", rest.sum())
	c.ctx = c.ctx.WithEventManager(sdk.NewEventManager())
	c.until("the round carries over", c.inPhase(c.pool, 1, types.ROUND_PHASE_CARRIED_OVER))
	if leftOut := c.round(c.pool, 1).LeftOut; !slices.Equal(leftOut, rest.leftOut) {
		t.Fatalf("the sum of the round is made without %v", leftOut)
	}
	told := map[string]string{}
	for _, e := range c.ctx.EventManager().Events() {
		round, _ := e.GetAttribute("round")
		if phase, has := e.GetAttribute("phase"); has && round.Value == "1" {
			leftOut, _ := e.GetAttribute("left_out")
			told[phase.Value] = leftOut.Value
		}
	}
	want := fmt.Sprintf(`["%d"]`, rest.leftOut[0])
	if over := told[`"ROUND_PHASE_CARRIED_OVER"`]; over != want {
		t.Fatalf("the round told %v, and not that it is made without %s", told, want)
	}
	if again := told[`"ROUND_PHASE_AGGREGATION"`]; again != "[]" {
		t.Fatalf("while its sum was asked for the round told %q", again)
	}
}
