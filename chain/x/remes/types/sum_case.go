package types

import (
	"encoding/binary"
	"slices"
)

// The disputed tile of a round's sum: consensus adds up what each update says of it, and takes the
// outer step from the version before (spec/verification.md section 5). No referee is needed: like
// compression the sum is the protocol's, not a model's.

// outputMomentum is the output of a case about the momentum of a sum; the adapter is output 0.
const outputMomentum = 1

// bytesOfUpdateItem are the scale, the kept elements and the root of the signs of a tensor.
const bytesOfUpdateItem = 8 + HashSize

// UpdatesRoot binds the roots of the updates that a sum is of, in the order of their submissions.
func UpdatesRoot(updates []Hash) Hash { return rootOf(tagUpdates, updates) }

// MomentumRoot binds the momenta of an adapter version, one for each factor and of its layout.
func MomentumRoot(momenta []Hash) Hash { return rootOf(tagMomenta, momenta) }

// RootOfSum binds the updates of the submissions that a sum is of.
func RootOfSum(submissions []Submission) Hash {
	roots := make([]Hash, len(submissions))
	for i, submission := range submissions {
		roots[i] = Hash(submission.UpdateRoot)
	}
	return UpdatesRoot(roots)
}

// SumOpen says that the sum of a round is, or may still be, disputed.
func (r Round) SumOpen() bool { return r.SumEndHeight > 0 || r.OpenCases > 0 }

// SameList says that two attestations are of sums of the same work.
func SameList(a, b Attestation) bool { return slices.Equal(a.LeftOut, b.LeftOut) }

// SameSum says that two attestations have the same adapter and momentum as the sum of the same work,
// whatever they say of its address and its loss.
func SameSum(a, b Attestation) bool {
	return SameList(a, b) && string(a.Root) == string(b.Root) && string(a.MomentumRoot) == string(b.MomentumRoot)
}

// Spokesman is the attester of a sum who is asked to defend it: the one of most bond, and of these
// the first.
func Spokesman(attestations []Attestation, sum Attestation) Attestation {
	spokesman := sum
	for _, a := range attestations {
		if SameSum(a, sum) && (spokesman.Bond < a.Bond ||
			spokesman.Bond == a.Bond && a.Verifier < spokesman.Verifier) {
			spokesman = a
		}
	}
	return spokesman
}

// Dissenters are the challenges of those who attested another sum of the same work than the one that is
// asked to prove itself. Their bonds as verifiers answer for them. A sum of other work may be right, too.
func Dissenters(attestations []Attestation, sum Attestation) []Challenge {
	var challenges []Challenge
	for _, a := range attestations {
		if SameList(a, sum) && !SameSum(a, sum) {
			challenges = append(challenges, Challenge{
				Challenger: a.Verifier, Kind: CASE_KIND_AGGREGATE,
				Momentum: string(a.Root) == string(sum.Root),
			})
		}
	}
	return challenges
}

// CheckSumChallenge refuses a challenge of a sum that cannot be disputed any more, or not yet.
func CheckSumChallenge(r Round, msg *MsgChallenge, height int64) error {
	if msg.Step != 0 {
		return ErrChallengeStepInvalid.Wrapf("step %d of a sum", msg.Step)
	}
	if r.SumEndHeight == 0 || height > r.SumEndHeight {
		return ErrChallengeWindowClosed.Wrapf("the sum of round %d of pool %d", r.Number, r.PoolId)
	}
	return nil
}

// OpenSumCase begins a case about a sum that was attested.
func OpenSumCase(
	sum Attestation, challenge Challenge, params DisputeParams, height int64,
) Case {
	c := Case{
		Kind: CASE_KIND_AGGREGATE, PoolId: sum.PoolId, Round: sum.Round, Defender: sum.Verifier,
		Challenger: challenge.Challenger, Bond: challenge.Bond, OpenHeight: height,
		DefenderClock:   Clock{BlocksLeft: params.ClockBlocks, StartedHeight: height},
		ChallengerClock: Clock{BlocksLeft: params.ClockBlocks},
		Claim:           Claim{Stage: CASE_STAGE_TENSORS, Hash: sum.Root, AtRoot: true},
	}
	if challenge.Momentum {
		c.Output, c.Claim.Hash = outputMomentum, sum.MomentumRoot
	}
	return c
}

// AboutMomentum says that the momentum of a sum is disputed.
func (c Case) AboutMomentum() bool {
	return c.Kind == CASE_KIND_AGGREGATE && c.Output == outputMomentum
}

// StandInFrom is the height from which others than the spokesman of a sum are asked for its move.
func (c Case) StandInFrom() int64 {
	const part = 4 // of the time that is left
	return c.DefenderClock.StartedHeight + int64(c.DefenderClock.BlocksLeft/part)
}

// sumTensors is the list of a sum that is bisected.
func (d Dispute) sumTensors() caseTree {
	if d.Case.AboutMomentum() {
		return caseList(tagMomenta, d.Program.factors())
	}
	bare := caseList("", d.Program.StateTensors) // the root of a version is its tree
	bare.root = func(tree Hash) Hash { return tree }
	return bare
}

func sumTiles(layout Layout) caseTree {
	return caseTree{depth: layout.Depth(), covers: layout.covers, root: layout.Root}
}

// sumPlace is the disputed tensor's place in the state, and that of its factor among the factors.
func (d Dispute) sumPlace() (state, factor uint32) {
	per := d.Program.statesPerFactor()
	if d.Case.AboutMomentum() {
		return d.Case.Operation * per, d.Case.Operation
	}
	return d.Case.Operation, d.Case.Operation / per
}

// isSummed says that the disputed tensor is a factor or its momentum. What an optimizer keeps is
// zero when a round begins.
func (d Dispute) isSummed() bool {
	return d.Case.AboutMomentum() || d.Case.Operation%d.Program.statesPerFactor() == 0
}

// bindSum takes the shape of the disputed tensor from the record that writes it.
func (d *Dispute) bindSum(msg *MsgPostTrace) error {
	state, factor := d.sumPlace()
	err := d.Program.checkRecord(msg.Record, d.Program.StateWriters[state], *msg.RecordProof)
	if err != nil {
		return err
	}
	record, err := ParseRecord(msg.Record)
	if err != nil {
		return err
	}
	if d.isSummed() {
		if err := checkFactor(record.Output, factor); err != nil {
			return err
		}
	}
	d.Case.Record = msg.Record
	return nil
}

// SumTile is the disputed tile of a sum with what it is computed from.
type SumTile struct {
	dispute Dispute
	roots   AgreedRoots
	msg     *MsgExecuteTile
	layout  Layout
	// index is the tile's place in the tensor's tree, place that among its tiles row by row.
	index, place uint64
}

// NewSumTile takes what an execution brings.
func NewSumTile(d Dispute, roots AgreedRoots, msg *MsgExecuteTile) (*SumTile, error) {
	record, err := ParseRecord(d.Case.Record)
	if err != nil {
		return nil, err
	}
	if len(msg.Items)+len(msg.Shards) > 0 {
		return nil, ErrTileInputInvalid.Wrap("a sum has neither items nor tokens")
	}
	index := d.Case.Claim.Index
	return &SumTile{
		dispute: d, roots: roots, msg: msg, layout: record.Output,
		index: index, place: tilePlaceOf(record.Output, index),
	}, nil
}

// Judge gives the leaf that the tile has in truth, and what follows for the case.
func (s *SumTile) Judge() (Hash, CaseOutcome, error) {
	var payload []byte
	var err error
	switch {
	case s.dispute.isSummed():
		payload, err = s.sum()
	case len(s.msg.Inputs)+len(s.msg.Updates) > 0:
		err = ErrTileInputInvalid.Wrap("what an optimizer keeps begins at zero")
	case s.layout.TileBytes() > LimitSumInputBytesMax: // a record says so, no message brings it
		err = ErrTileInputInvalid.Wrapf("a tile of %d bytes", s.layout.TileBytes())
	default:
		payload = make([]byte, s.layout.TileBytes())
	}
	if err != nil {
		return Hash{}, CASE_OUTCOME_UNDECIDED, err
	}
	leaf := s.layout.TileLeaf(uint32(s.index), payload)
	return leaf, s.dispute.Case.TileOutcome(leaf), nil
}

// sum is the tile of the factor, or of its momentum, after the outer step.
func (s *SumTile) sum() ([]byte, error) {
	factor, momentum, err := s.before()
	if err != nil {
		return nil, err
	}
	votes, err := s.votes()
	if err != nil {
		return nil, err
	}
	settings := s.roots.Pool.Hyperparameters
	after := make([]byte, s.layout.TileBytes())
	s.layout.eachInTile(s.place, func(place int, _ uint64) {
		mean := meanOf(votes, place)
		carried, stepped := outerStep(settings, element(factor, place), element(momentum, place), mean)
		if s.dispute.Case.AboutMomentum() {
			stepped = carried
		}
		binary.LittleEndian.PutUint32(after[elementBytes*place:], uint32(int32(stepped)))
	})
	return after, nil
}

// before are the tiles of the factor and of its momentum in the version that the round started
// from. A model's fresh adapter has no momentum.
func (s *SumTile) before() (factor, momentum []byte, err error) {
	state, place := s.dispute.sumPlace()
	fresh := s.roots.Momentum == nil
	wanted := 2
	if fresh {
		wanted = 1
	}
	if len(s.msg.Inputs) != wanted {
		return nil, nil, ErrTileInputInvalid.Wrapf("%d inputs of %d", len(s.msg.Inputs), wanted)
	}
	input := s.msg.Inputs[0]
	root, siblings, err := rootOfInput(input, s.layout, s.index, uint64(state))
	if err != nil {
		return nil, nil, err
	}
	depth := TreeDepth(uint64(s.dispute.Program.StateTensors))
	tree, err := verifySlot(depth, uint64(state), root, siblings)
	if err != nil {
		return nil, nil, err
	}
	if tree != Hash(s.roots.Adapter) {
		return nil, nil, ErrMerkleProofInvalid.Wrap("another adapter than the round started from")
	}
	if fresh {
		return input.Payload, make([]byte, s.layout.TileBytes()), nil
	}
	carried := s.msg.Inputs[1]
	root, siblings, err = rootOfInput(carried, s.layout, s.index, uint64(place))
	if err != nil {
		return nil, nil, err
	}
	return input.Payload, carried.Payload, verifyItem(tagMomenta,
		uint64(s.dispute.Program.factors()), Hash(s.roots.Momentum), uint64(place), root, siblings)
}

// vote is what one update says of a tile: a scale, and a sign for each element.
type vote struct {
	scale int64
	signs []byte
}

// votes proves what the updates of the round say of the tile, and clips their scales to the lower
// median.
func (s *SumTile) votes() ([]vote, error) {
	if len(s.msg.Updates) == 0 || len(s.msg.Updates) > LimitChunksPerRoundMax {
		return nil, ErrTileInputInvalid.Wrapf("%d updates", len(s.msg.Updates))
	}
	votes := make([]vote, len(s.msg.Updates))
	roots := make([]Hash, len(votes))
	scales := make([]int64, len(votes))
	for i, update := range s.msg.Updates {
		var err error
		if votes[i], roots[i], err = s.vote(update); err != nil {
			return nil, err
		}
		scales[i] = votes[i].scale
	}
	if UpdatesRoot(roots) != Hash(s.roots.Round.UpdatesRoot) {
		return nil, ErrMerkleProofInvalid.Wrap("other updates than those of the round")
	}
	slices.Sort(scales)
	limit := scales[(len(scales)-1)/2]
	for i := range votes {
		votes[i].scale = min(votes[i].scale, limit)
	}
	return votes, nil
}

// vote proves what one update says of the tile, and gives the update's root.
func (s *SumTile) vote(update SummedUpdate) (vote, Hash, error) {
	_, factor := s.dispute.sumPlace()
	content, proof := update.Tensor.Content, update.Tensor.Proof
	if len(content) != bytesOfUpdateItem || proof.Index != uint64(factor) {
		return vote{}, Hash{}, ErrTileInputInvalid.Wrapf(
			"item %d of an update has %d bytes", proof.Index, len(content),
		)
	}
	siblings, err := HashesFrom(proof.Siblings)
	if err != nil {
		return vote{}, Hash{}, err
	}
	factors := uint64(s.dispute.Program.factors())
	tree, err := verifySlot(TreeDepth(factors), proof.Index, LeafHash(content), siblings)
	if err != nil {
		return vote{}, Hash{}, err
	}
	signs := update.Signs
	size := signsHeaderBytes + s.layout.TileBytes()/elementBytes
	if len(signs.Content) != size || signs.Proof.Index != s.place {
		return vote{}, Hash{}, ErrTileInputInvalid.Wrapf(
			"item %d of the signs has %d bytes", signs.Proof.Index, len(signs.Content),
		)
	}
	if siblings, err = HashesFrom(signs.Proof.Siblings); err != nil {
		return vote{}, Hash{}, err
	}
	err = verifyItem(tagSigns, uint64(countTiles(s.layout)), Hash(content[8:]), s.place,
		LeafHash(signs.Content), siblings)
	return vote{
		scale: int64(binary.LittleEndian.Uint32(content)), signs: signs.Content[signsHeaderBytes:],
	}, listRoot(tagUpdate, factors, tree), err
}

// meanOf is the mean of the votes for an element, rounded half away from zero (spec/update.md,
// Aggregation).
func meanOf(votes []vote, place int) int64 {
	sum := int64(0)
	for _, vote := range votes {
		sum += vote.scale * int64(int8(vote.signs[place]))
	}
	count := int64(len(votes))
	mean := (2*max(sum, -sum) + count) / (2 * count)
	if sum < 0 {
		return -mean
	}
	return mean
}

// outerStep moves an element along the mean change of a round, with momentum (spec/update.md, Outer
// step). The products stay within 64 bits whatever the votes say.
func outerStep(
	settings Hyperparameters, factor, momentum, mean int64,
) (carried, stepped int64) {
	by := int64(settings.OuterMomentum)
	carried = saturate30(scaled256(momentum*by) + mean)
	direction := mean + scaled256(carried*by)
	return carried, saturate30(factor - scaled256(direction*int64(settings.OuterLearningRate)))
}

// scaled256 is RSH(value, 8) of spec/arithmetic.md.
func scaled256(value int64) int64 { return (value + 128) >> 8 }

func saturate30(value int64) int64 { return max(-(1 << 30), min(1<<30, value)) }
