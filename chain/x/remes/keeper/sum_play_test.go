package keeper

import (
	"flag"
	"math/rand/v2"
	"testing"

	"r3mes.dev/chain/x/remes/types"
)

// sumPlays is how many random plays about a sum are tried; a failure names the one that it is in.
var sumPlays = flag.Uint64("sum-plays", 12, "random plays about a sum")

// sumPlay is a round whose verifiers attest what they like, and move in the cases that follow as
// they like, except that whoever attested the truth stands by it.
type sumPlay struct {
	*court
	dice  *rand.Rand
	truth tensorSum
	// said is what each verifier attested.
	said map[string]tensorSum
}

func (c *court) branched() *court {
	branched := *c
	branched.world = c.branch()
	return &branched
}

func TestWhoAttestsTheTruthAboutASumNeverLoses(t *testing.T) {
	ground := summed(t, twoOfThree)
	truth := ground.sum()
	wrong, convicted := 0, 0
	for number := range *sumPlays {
		t.Logf("play %d", number)
		p := &sumPlay{
			court: ground.branched(), dice: rand.New(rand.NewPCG(number, 0)), truth: truth,
			said: map[string]tensorSum{},
		}
		p.attest()
		p.play()
		w, c := p.judge()
		wrong, convicted = wrong+w, convicted+c
	}
	if wrong == 0 || convicted == 0 {
		t.Fatalf("%d wrong sums, %d fined: the plays were too tame to say anything", wrong, convicted)
	}
}

func (p *sumPlay) chance(percent int) bool { return p.dice.IntN(100) < percent }

func (p *sumPlay) attest() {
	for _, at := range p.dice.Perm(len(verifiers)) {
		if p.chance(15) {
			continue
		}
		sum := p.truth
		if p.chance(50) {
			kinds := []string{
				"an element of the factor", "an element of its momentum",
				"what the optimizer should forget",
			}
			sum = p.falseSum(lies[kinds[p.dice.IntN(len(kinds))]])
		}
		_, err := deliver(p.world, p.msgs.Attest, &types.MsgAttest{
			Operator: p.operatorOf(verifiers[at]), PoolId: p.pool, Round: 1, Root: sum.root(),
			Cid: cidOf("sum"), HeldOutLoss: 4_000, MomentumRoot: sum.momentumRoot(),
		})
		if err == nil { // two others may have adopted theirs
			p.said[verifiers[at]] = sum
		}
		if p.chance(30) {
			p.next()
		}
	}
}

// play has everybody move until nothing is open. A stranger may dispute what was adopted.
func (p *sumPlay) play() {
	stranger := p.chance(50)
	p.until("the round is settled", func() bool {
		if stranger && p.round(p.pool, 1).SumEndHeight > 0 {
			stranger = false
			msg := p.sumChallenge("c")
			msg.Momentum = p.chance(50)
			do(p.world, p.msgs.Challenge, msg)
		}
		for _, open := range p.openSums() {
			if file := p.file(open.Id); file.Open() { // another may have ended them all
				p.move(file)
			}
		}
		return len(p.round(p.pool, 1).SubmissionsRoot) > 0
	})
}

func (p *sumPlay) isTrue(sum tensorSum) bool {
	return string(sum.root()) == string(p.truth.root()) &&
		string(sum.momentumRoot()) == string(p.truth.momentumRoot())
}

func (p *sumPlay) move(file types.Case) {
	switch {
	case file.Claim.Stage == types.CASE_STAGE_EXECUTION:
		do(p.world, p.msgs.ExecuteTile, p.executionOfSum(file))
	case file.DefenderMoves():
		sum := p.said[p.nameOf(file.Defender, verifiers...)]
		if p.isTrue(sum) || p.chance(70) {
			do(p.world, p.msgs.PostTrace, p.postOfSum(sum, file, file.Defender))
		}
	default:
		p.pin(file)
	}
}

// pin names what differs from the challenger's own sum, which a stranger computed. A liar may name
// anything, or nothing.
func (p *sumPlay) pin(file types.Case) {
	name := p.nameOf(file.Challenger, "c", "v1", "v2", "v3")
	sum, attested := p.said[name]
	if !attested {
		sum = p.truth
	}
	child := -1
	for i, hash := range sum.nodes(file) {
		if string(hash[:]) != string(file.Claim.Children[i]) {
			child = i
			break
		}
	}
	if child < 0 || !p.isTrue(sum) && p.chance(30) {
		if p.chance(50) {
			return
		}
		child = p.dice.IntN(len(file.Claim.Children))
	}
	do(p.world, p.msgs.Pinpoint, &types.MsgPinpoint{
		Operator: file.Challenger, CaseId: file.Id, Child: uint32(child)})
}

// judge says how many attested a wrong sum, and how many of them were fined.
func (p *sumPlay) judge() (wrong, fined int) {
	p.t.Helper()
	adopted := p.round(p.pool, 1).ResultAdapterId != 0
	truth := false
	for name, sum := range p.said {
		bond := p.bond(name, types.ROLE_VERIFIER).Amount
		switch {
		case p.isTrue(sum):
			truth = true
			if bond != 2*half {
				p.t.Fatalf("%s attested the truth and has a bond of %d", name, bond)
			}
		case bond < 2*half:
			wrong, fined = wrong+1, fined+1
		default:
			wrong++
		}
	}
	if truth && adopted { // then whoever attested the truth has disputed another
		version := p.version()
		right := string(version.Root) == string(p.truth.root()) &&
			string(version.MomentumRoot) == string(p.truth.momentumRoot())
		if recalled := version.Status == types.ADAPTER_STATUS_RECALLED; recalled == right {
			p.t.Fatalf("a version is %s, and right: %v", version.Status, right)
		}
	}
	return wrong, fined
}
