package keeper

import (
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"r3mes.dev/chain/x/remes/types"
)

// adopted is a court whose first version all verifiers attested, with the work of m1 in it.
func (c *court) adopted() *court {
	c.t.Helper()
	c.until("the sum is asked for", c.inPhase(c.pool, 1, types.ROUND_PHASE_AGGREGATION))
	if !c.subject().Summed {
		c.t.Fatal("the submission is not in the sum")
	}
	for _, verifier := range verifiers {
		do(c.world, c.msgs.Attest, c.world.attest(c.pool, 1, verifier, 1))
	}
	c.next()
	if c.round(c.pool, 1).ResultAdapterId != 1 {
		c.t.Fatal("no version was made")
	}
	return c
}

// garbled is a run whose states are right, and one of whose steps shows an intermediate value that is not.
func (r *run) garbled(step uint32) *run {
	const magnitude = 6 // the number of a tensor that no state holds
	other := *r
	other.traces = slices.Clone(r.traces)
	values := maps.Clone(r.traces[step-1].values)
	payload := slices.Clone(values[magnitude][0])
	payload[0] ^= 1
	values[magnitude] = tiles{payload}
	other.traces[step-1] = trace{values: values, before: r.traces[step-1].before}
	return &other
}

// badDefences are the ways to lose a case about right work: what binds a defender leaves it these.
var badDefences = map[string]func(*court) (ended uint64){
	"a record of garbage": func(c *court) uint64 {
		step := c.audit(c.leases[0].Id).Step
		bad := c.truth.garbled(step)
		id := c.challenge("c", step).CaseId
		c.play(id, bad, c.truth, c.operatorOf("m1"), c.address("c"))
		c.execute(id, c.truth, bad)
		return id
	},
	"a threshold of garbage": func(c *court) uint64 {
		msg := c.challengeMsg("c", 0)
		msg.Kind = types.CASE_KIND_UPDATE
		id := do(c.world, c.msgs.Challenge, msg).CaseId
		c.update.claim.Threshold++
		c.disputeUpdate(id, c.address("c"), c.objection)
		return id
	},
	"silence": func(c *court) uint64 {
		id := c.challenge("c", 0).CaseId
		c.until("the clock runs out", func() bool { return !c.file(id).Open() })
		return id
	},
}

func slow(p *types.Params) { p.Dispute.ChallengeBlocks = 200 }

// A slot is what it costs a miner to lose on purpose: nobody's version, and no verifier's bond.
func TestRightWorkThatIsDefendedBadlyCostsItsMinerAlone(t *testing.T) {
	for name, defend := range badDefences {
		t.Run(name, func(t *testing.T) {
			c := accepted(t, honest, slow).adopted()
			id := defend(c)
			if outcome := c.file(id).Outcome; !outcome.Convicts() {
				t.Fatalf("the case ended %s", outcome)
			}
			offence, _ := c.offence("m1", types.FAULT_WRONG_STEP, c.leases[0].Id)
			if offence.Taken != 1_000*types.REMES || c.subject().WeightedWork != 0 {
				t.Fatalf("the fine of the miner is %v, its work counts %d", offence, c.subject().WeightedWork)
			}
			c.until("the version is settled", func() bool {
				status := c.version().Status
				return status == types.ADAPTER_STATUS_MATURE || status == types.ADAPTER_STATUS_RECALLED
			})
			if status := c.version().Status; status != types.ADAPTER_STATUS_MATURE || c.world.pool(c.pool).AdapterId != 1 {
				t.Errorf("the version is %s, the pool is at %d", status, c.world.pool(c.pool).AdapterId)
			}
			for _, verifier := range verifiers {
				if fine, fined := c.offence(verifier, types.FAULT_WRONG_VERDICT, c.leases[0].Id); fined {
					t.Errorf("the fine of %s is %v", verifier, fine)
				}
			}
			if purse := c.bank.of(c.ctx, c.address("c")); purse != purse0+300*types.REMES {
				t.Errorf("the challenger has %d", purse)
			}
		})
	}
}

// find has verifiers say what is wrong with the work of m1.
func (c *court) find(part types.WrongPart, names ...string) {
	c.t.Helper()
	for _, name := range names {
		do(c.world, c.msgs.FindFault, &types.MsgFindFault{
			Operator: c.operatorOf(name), SubmissionId: c.leases[0].Id, Part: part})
	}
}

// lost is a court in which m1 has lost a case by its silence.
func (c *court) lost() *court {
	c.t.Helper()
	id := c.challenge("c", 0).CaseId
	c.until("the clock runs out", func() bool { return !c.file(id).Open() })
	if !c.subject().Asked() || c.subject().Status != types.SUBMISSION_STATUS_FAULTY {
		c.t.Fatalf("nobody is asked: %v", c.subject())
	}
	return c
}

// finedVerdicts are the drawn verifiers of the work of m1 that were fined for it.
func (c *court) finedVerdicts() (fined []string) {
	for _, seat := range c.audit(c.leases[0].Id).Seats {
		name := c.nameOf(seat.Verifier, verifiers...)
		if fine, was := c.offence(name, types.FAULT_WRONG_VERDICT, c.leases[0].Id); was {
			if fine.Taken != 3_000*types.REMES || fine.CaseId != c.subject().Inquiry.CaseId {
				c.t.Fatalf("the fine of %s is %v", name, fine)
			}
			fined = append(fined, name)
		}
	}
	return fined
}

func (c *court) params() types.Params {
	params, err := c.keeper.params(c.ctx)
	c.must(err)
	return params
}

func (c *court) recalled() bool { return c.version().Status == types.ADAPTER_STATUS_RECALLED }

// A miner that keeps silent shields nobody: what a case did not show, training shows again.
func TestWrongWorkIsRecalledAndItsVerdictsFinedByAQuorum(t *testing.T) {
	c := accepted(t, wrongAt(2, 2, 0), slow).adopted().lost()
	before := c.bank.of(c.ctx, c.address("c"))
	c.find(types.WRONG_PART_DRAWN_STEP, "v1", "v2")
	c.next()
	if c.recalled() || !c.subject().Asked() { // two of three are less than the quorum
		t.Fatal("two of three have decided")
	}
	c.find(types.WRONG_PART_UPDATE, "v3")
	c.next()
	if !c.recalled() || c.world.pool(c.pool).AdapterId != 0 || c.subject().Asked() {
		t.Fatalf("the version is %s, the inquiry %v", c.version().Status, c.subject().Inquiry)
	}
	if fined := c.finedVerdicts(); len(fined) != 2 {
		t.Fatalf("of the two drawn %v were fined", fined)
	}
	if got := c.bank.of(c.ctx, c.address("c")) - before; got != 2*900*types.REMES {
		t.Fatalf("the challenger got %d", got)
	}
	c.until("its round is settled", func() bool {
		return len(c.round(c.pool, 1).SubmissionsRoot) > 0
	})
	msg := c.poolMsg(1, 1)
	msg.ParentAdapterId = 1
	_, err := deliver(c.world, c.msgs.OpenPool, msg)
	requireRefusal(t, err, types.ErrAdapterRecalled)
}

func TestMoreThanHalfDecidesAsAnInquiryEnds(t *testing.T) {
	for name, test := range map[string]struct {
		found []string
		wrong bool
	}{"two of three": {[]string{"v2", "v3"}, true}, "one of three": {[]string{"v1"}, false}} {
		t.Run(name, func(t *testing.T) {
			c := accepted(t, wrongAt(2, 2, 0), slow).adopted().lost()
			c.find(types.WRONG_PART_DRAWN_STEP, test.found...)
			end := c.subject().Inquiry.EndHeight
			c.until("its last block", func() bool { return c.height == end })
			if c.recalled() || !c.subject().Asked() {
				t.Fatal("it was decided before its end")
			}
			c.next()
			if c.recalled() != test.wrong || (len(c.finedVerdicts()) == 2) != test.wrong || c.subject().Asked() {
				t.Fatalf("the version is %s, fined were %v", c.version().Status, c.finedVerdicts())
			}
		})
	}
}

// A verifier need not find what its audit did not ask it to run; the version is as wrong.
func TestAnotherStepIsNoFaultOfAVerdictUnlessAllWereRun(t *testing.T) {
	for name, all := range map[string]uint32{"one step was run": 0, "all steps were run": types.Million} {
		t.Run(name, func(t *testing.T) {
			c := accepted(t, wrongAt(2, 2, 0), func(p *types.Params) {
				slow(p)
				p.Round.FullReplayPpm = all
			}).adopted().lost()
			c.find(types.WRONG_PART_OTHER_STEP, verifiers...)
			c.next()
			fined := len(c.finedVerdicts())
			if !c.recalled() || (fined == 2) != (all > 0) || c.subject().Asked() != (all == 0) {
				t.Fatalf("the version is %s, %d were fined", c.version().Status, fined)
			}
			c.until("the inquiry ends", func() bool { return !c.subject().Asked() })
			if again := len(c.finedVerdicts()); again != fined {
				t.Fatalf("%d are fined as it ends", again)
			}
		})
	}
}

// The version goes with the first message that is enough, the verdicts with another.
func TestAnInquiryDecidesEachThingOnce(t *testing.T) {
	c := accepted(t, wrongAt(2, 2, 0), func(p *types.Params) {
		slow(p)
		twoOfThree(p)
		p.Round.FullReplayPpm = 0
	}).adopted().lost()
	c.find(types.WRONG_PART_OTHER_STEP, "v1")
	c.find(types.WRONG_PART_DRAWN_STEP, "v2")
	c.next()
	if !c.recalled() || len(c.finedVerdicts()) > 0 || !c.subject().Asked() {
		t.Fatalf("the version is %s, fined were %v", c.version().Status, c.finedVerdicts())
	}
	requireReborn(t, c.world)
	c.find(types.WRONG_PART_UPDATE, "v3")
	c.next()
	if len(c.finedVerdicts()) != 2 || c.subject().Asked() {
		t.Fatalf("fined were %v", c.finedVerdicts())
	}
	requireReborn(t, c.world)
}

// The list of the sum is fixed by then. What is found before the version is adopted recalls it as it is, and
// nothing else does.
func TestAVersionThatIsAdoptedMeanwhileIsAsItsWorkIs(t *testing.T) {
	for name, found := range map[string]bool{"found wrong": true, "not found wrong": false} {
		t.Run(name, func(t *testing.T) {
			c := accepted(t, wrongAt(2, 2, 0), func(p *types.Params) {
				slow(p)
				p.Dispute.ClockBlocks = 10
			})
			c.until("the sum is asked for", c.inPhase(c.pool, 1, types.ROUND_PHASE_AGGREGATION))
			c.lost()
			if found {
				c.find(types.WRONG_PART_DRAWN_STEP, verifiers...)
				c.next()
				for _, verifier := range verifiers { // who is fined has too little to attest
					do(c.world, c.msgs.Bond, &types.MsgBond{
						Owner: c.address(verifier), Role: types.ROLE_VERIFIER, Amount: 3_000 * types.REMES})
				}
			}
			c.adopted()
			if c.recalled() != found {
				t.Fatalf("the version is %s", c.version().Status)
			}
			if open := c.version().OpenSubmissions; open != 2 && found || open != 3 && !found {
				t.Fatalf("the version waits for %d submissions", open)
			}
		})
	}
}

// Work that is in no sum is nobody's but its miner's, unless somebody called it valid.
func TestNobodyIsAskedWhereNobodyElseCanLose(t *testing.T) {
	c := newCourt(t, wrongAt(2, 2, 0), unchanged)
	verdicts := map[string]types.Verdict{}
	for _, verifier := range verifiers {
		verdicts[verifier] = types.VERDICT_INVALID
	}
	c.judge(c.leases[0].Id, verdicts, verifiers...)
	c.until("the miner says nothing", func() bool {
		return c.subject().Status == types.SUBMISSION_STATUS_FAULTY
	})
	if c.subject().Inquiry != nil {
		t.Fatalf("there is an inquiry: %v", c.subject().Inquiry)
	}
}

func TestEveryActiveVerifierIsAskedUntilItHasSpoken(t *testing.T) {
	c := accepted(t, wrongAt(2, 2, 0), slow).adopted().lost()
	asked := func(name string) []types.Duty {
		answer, err := c.ask.Duties(c.ctx, &types.QueryDutiesRequest{Operator: c.operatorOf(name)})
		c.must(err)
		return slices.DeleteFunc(answer.Duties, func(d types.Duty) bool {
			return d.Kind != types.DUTY_KIND_FIND_FAULT
		})
	}
	for _, verifier := range verifiers {
		if duties := asked(verifier); len(duties) != 1 || duties[0].Id != c.leases[0].Id ||
			duties[0].EndHeight != c.subject().Inquiry.EndHeight {
			t.Fatalf("the duties of %s are %v", verifier, duties)
		}
	}
	c.find(types.WRONG_PART_UPDATE, "v1")
	if len(asked("v1")) > 0 || len(asked("m1")) > 0 || len(asked("v2")) != 1 {
		t.Fatalf("asked are v1 %v, m1 %v, v2 %v", asked("v1"), asked("m1"), asked("v2"))
	}
	answer, err := c.ask.Findings(c.ctx, &types.QueryFindingsRequest{SubmissionId: c.leases[0].Id})
	c.must(err)
	if len(answer.Findings) != 1 || answer.Findings[0] != (types.Finding{
		SubmissionId: c.leases[0].Id, Verifier: c.address("v1"), Part: types.WRONG_PART_UPDATE,
		Bond: 6_000 * types.REMES,
	}) {
		t.Fatalf("the findings are %v", answer.Findings)
	}
	requireReborn(t, c.world)
	c.until("it ends", func() bool { return !c.subject().Asked() })
	if len(asked("v2")) > 0 {
		t.Fatal("v2 is asked about what is over")
	}
}

// Bond that left before an inquiry began comes free no sooner than it ends.
func TestAVerifierAnswersUntilAnInquiryHasEnded(t *testing.T) {
	c := accepted(t, wrongAt(2, 2, 0), slow).adopted()
	guilty := c.nameOf(c.audit(c.leases[0].Id).Seats[0].Verifier, verifiers...)
	left := do(c.world, c.msgs.Unbond, &types.MsgUnbond{
		Owner: c.address(guilty), Role: types.ROLE_VERIFIER, Amount: 6_000 * types.REMES,
	}).UnbondingId
	unbonding, err := c.keeper.Unbondings.Get(c.ctx, left)
	c.must(err)
	unbonding.ReleaseHeight = c.height + int64(c.params().Dispute.ClockBlocks) + 2
	c.must(c.keeper.startUnbonding(c.ctx, unbonding))
	c.lost()
	end := c.subject().Inquiry.EndHeight
	c.until("its last block", func() bool { return c.height == end })
	c.find(types.WRONG_PART_DRAWN_STEP, slices.DeleteFunc(slices.Clone(verifiers), func(v string) bool {
		return v == guilty
	})...)
	c.next()
	if len(c.finedVerdicts()) != 2 {
		t.Fatalf("fined were %v", c.finedVerdicts())
	}
	c.until("the rest of the bond returns", func() bool {
		waits, err := c.keeper.Unbondings.Has(c.ctx, left)
		c.must(err)
		return !waits
	})
}

func TestFindingsRefuse(t *testing.T) {
	c := accepted(t, wrongAt(2, 2, 0), slow).adopted()
	find := func(name string, id uint64, part types.WrongPart) func() error {
		return refuse(c.world, c.msgs.FindFault, &types.MsgFindFault{
			Operator: c.operatorOf(name), SubmissionId: id, Part: part})
	}
	id := c.leases[0].Id
	requireRefusal(t, find("v1", id, types.WRONG_PART_UPDATE)(), types.ErrInquiryNotOpen)
	c.lost()
	c.find(types.WRONG_PART_UPDATE, "v1")
	requireRefusals(t, []refusal{
		{"a second finding", find("v1", id, types.WRONG_PART_DRAWN_STEP), types.ErrFindingExists},
		{"of nothing", find("v2", id, types.WRONG_PART_UNSPECIFIED), types.ErrFindingInvalid},
		{"of an unknown part", find("v2", id, 99), types.ErrFindingInvalid},
		{"of other work", find("v2", c.leases[1].Id, types.WRONG_PART_UPDATE), types.ErrInquiryNotOpen},
		{"of no work", find("v2", 9_999, types.WRONG_PART_UPDATE), types.ErrSubmissionNotFound},
		{"of no verifier", find("m2", id, types.WRONG_PART_UPDATE), types.ErrRoleInvalid},
	})
	c.at(c.subject().Inquiry.EndHeight + 1)
	requireRefusal(t, find("v2", id, types.WRONG_PART_UPDATE)(), types.ErrInquiryNotOpen)
}

// inquiryPlays are tried on right work and on wrong work; a failure is in the one that was logged last.
const inquiryPlays = 24

// Each verifier trains the work again and says what it finds, or says what it likes, some time before the end.
func TestMoreThanHalfOfTheBondFindsWhatIsSo(t *testing.T) {
	outcomes := map[[2]bool]int{}
	for _, wrong := range []bool{false, true} {
		cheat := honest
		if wrong {
			cheat = wrongAt(2, 2, 0)
		}
		ground := accepted(t, cheat, func(p *types.Params) {
			slow(p)
			p.Dispute.ClockBlocks = 8
		}).adopted().lost()
		for number := range uint64(inquiryPlays) {
			t.Logf("play %d, wrong: %t", number, wrong)
			c, dice := ground.branched(), rand.New(rand.NewPCG(number, 20))
			truthful := c.playInquiry(dice, wrong)
			if truthful >= 2 && c.recalled() != wrong {
				t.Fatalf("%d of 3 said what is so, and the version is %s", truthful, c.version().Status)
			}
			if truthful >= 2 && !wrong && len(c.finedVerdicts()) > 0 {
				t.Fatalf("%v called right work valid and were fined", c.finedVerdicts())
			}
			outcomes[[2]bool{wrong, c.recalled()}]++
		}
	}
	if len(outcomes) != 4 {
		t.Fatalf("the plays were too tame to say anything: %v", outcomes)
	}
}

// playInquiry says how many were truthful. A liar keeps silent about wrong work, or accuses right work.
func (c *court) playInquiry(dice *rand.Rand, wrong bool) (truthful int) {
	c.t.Helper()
	says := map[string]types.WrongPart{}
	for _, verifier := range verifiers {
		honest := dice.IntN(100) < 60
		if honest {
			truthful++
		}
		if honest == wrong {
			says[verifier] = types.WrongPart(1 + dice.IntN(3))
		}
	}
	order := dice.Perm(len(verifiers))
	for range c.subject().Inquiry.EndHeight - c.height {
		if len(order) > 0 && dice.IntN(2) == 0 {
			c.speak(verifiers[order[0]], says)
			order = order[1:]
		}
		c.next()
	}
	for _, at := range order {
		c.speak(verifiers[at], says)
	}
	c.next()
	if c.subject().Asked() {
		c.t.Fatal("the inquiry goes on behind its end")
	}
	return truthful
}

func (c *court) speak(name string, says map[string]types.WrongPart) {
	if part, speaks := says[name]; speaks && c.subject().Asked() {
		c.find(part, name)
	}
}
