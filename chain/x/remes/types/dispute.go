package types

import (
	"fmt"
	"math/bits"
	"slices"
)

// The game of spec/verification.md section 2. A case narrows a disagreement down to one tile: the
// defender shows nodes of a tree that it stands by, the challenger names the first that differs.

const (
	// postLevels is how far below the claim a post shows nodes: 256 of them.
	postLevels = 8
	// scaleDisputed is the pinpoint that agrees with all signs of a tensor, and not with its scale.
	scaleDisputed = 1 << postLevels
	// QueueMax bounds the challenges that wait in one case.
	QueueMax = 64
)

// Dispute is a case with the records that its moves are judged by.
type Dispute struct {
	Case       Case
	Submission Submission
	Steps      uint32
	// Density is the share of an update's elements that is kept, in thousandths.
	Density uint32
	Program StepProgram
	// Audit is the draw that a case about a digest refers to.
	Audit Audit
}

// OpenCase begins a case about a submission at a height: at the step if one is named, which is then
// the opened one, else at the steps root.
func OpenCase(
	c Case, s Submission, step uint32, params DisputeParams, height int64,
) (Case, error) {
	c.SubmissionId, c.PoolId, c.Round, c.OpenHeight = s.Id, s.PoolId, s.Round, height
	c.DefenderClock = Clock{BlocksLeft: params.ClockBlocks, StartedHeight: height}
	c.ChallengerClock = Clock{BlocksLeft: params.ClockBlocks}
	if c.Kind == CASE_KIND_UPDATE {
		if s.Opening == nil || step != 0 {
			return c, ErrChallengeStepInvalid.Wrapf("the update of submission %d has no step", s.Id)
		}
		c.StateAfter = s.Opening.RootFinal
		c.Claim = Claim{Stage: CASE_STAGE_TENSORS, Hash: s.UpdateRoot, AtRoot: true}
		return c, nil
	}
	if step == 0 {
		c.Claim = Claim{Stage: CASE_STAGE_STEPS, Hash: s.StepsRoot, AtRoot: true}
		return c, nil
	}
	if s.Opening == nil || s.Opening.Step != step {
		return c, ErrChallengeStepInvalid.Wrapf("step %d of submission %d", step, s.Id)
	}
	c.Step, c.StateBefore, c.StateAfter = step, s.Opening.RootBefore, s.Opening.RootAfter
	c.Claim = Claim{Stage: CASE_STAGE_OPERATIONS, AtRoot: true}
	return c, nil
}

// Open says that a case is not decided.
func (c Case) Open() bool { return c.Outcome == CASE_OUTCOME_UNSPECIFIED }

// LockedBond is what challenges of an open case hold, in uremes.
func (c Case) LockedBond() uint64 {
	if !c.Open() {
		return 0
	}
	sum := c.Bond
	for _, challenge := range c.Queue {
		sum += challenge.Bond
	}
	return sum
}

// DefenderMoves says whose move it is. A tile is the challenger's to have executed.
func (c Case) DefenderMoves() bool {
	return c.Claim.Stage != CASE_STAGE_EXECUTION && len(c.Claim.Children) == 0
}

// ToMove is the party that must move.
func (c Case) ToMove() string {
	if c.DefenderMoves() {
		return c.Defender
	}
	return c.Challenger
}

func (c *Case) runningClock() *Clock {
	if c.DefenderMoves() {
		return &c.DefenderClock
	}
	return &c.ChallengerClock
}

// Deadline is the last height for the next move.
func (c Case) Deadline() int64 {
	clock := c.runningClock()
	return clock.StartedHeight + int64(clock.BlocksLeft)
}

// EndsBy is the last height at which a case that has just opened can end.
func (c Case) EndsBy() int64 {
	return c.OpenHeight + int64(c.DefenderClock.BlocksLeft) + int64(c.ChallengerClock.BlocksLeft)
}

// BlocksLeft is the time of the party that must move.
func (c Case) BlocksLeft() uint32 { return c.runningClock().BlocksLeft }

// CheckMove refuses a move in a case that is decided, or after the clock has run out.
func (c Case) CheckMove(height int64) error {
	if !c.Open() {
		return ErrCaseClosed.Wrapf("case %d ended at height %d", c.Id, c.CloseHeight)
	}
	if height > c.Deadline() {
		return ErrCaseClockOut.Wrapf("case %d, at height %d", c.Id, c.Deadline())
	}
	return nil
}

// passClock stops the clock of the party that moved and starts that of the one that must move now.
func (c Case) passClock(before Case, height int64) Case {
	moved := before.runningClock()
	left := Clock{BlocksLeft: moved.BlocksLeft - uint32(height-moved.StartedHeight)}
	if before.DefenderMoves() {
		c.DefenderClock = left
	} else {
		c.ChallengerClock = left
	}
	c.runningClock().StartedHeight = height
	return c
}

// caseTree is the tree that a stage bisects.
type caseTree struct {
	depth int
	// covers says that a node has an item or a tile below it.
	covers func(height int, index uint64) bool
	// root is the root as the claim names it, from the tree.
	root func(tree Hash) Hash
}

func caseList(tag string, count uint32) caseTree {
	return caseTree{
		depth:  TreeDepth(uint64(count)),
		covers: func(height int, index uint64) bool { return index<<height < uint64(count) },
		root:   func(tree Hash) Hash { return listRoot(tag, uint64(count), tree) },
	}
}

func caseTiles(layout Layout) caseTree {
	return caseTree{
		depth: layout.Depth(), covers: layout.covers,
		root: func(tree Hash) Hash { return OperationRoot([]Hash{layout.Root(tree)}) },
	}
}

// tree is the tree of the current stage.
func (d Dispute) tree() (caseTree, error) {
	switch d.Case.Claim.Stage {
	case CASE_STAGE_STEPS:
		return caseList(tagSteps, d.Steps), nil
	case CASE_STAGE_OPERATIONS:
		return caseList(tagTrace, d.Program.Operations), nil
	case CASE_STAGE_TENSORS:
		if d.Case.Kind == CASE_KIND_AGGREGATE {
			return d.sumTensors(), nil
		}
		return caseList(tagUpdate, d.Program.factors()), nil
	case CASE_STAGE_TILES:
		record, err := ParseRecord(d.Case.Record)
		switch {
		case err != nil:
			return caseTree{}, err
		case d.Case.Kind == CASE_KIND_AGGREGATE:
			return sumTiles(record.Output), nil
		case d.Case.Kind != CASE_KIND_UPDATE:
			return caseTiles(record.Output), nil
		case d.Case.AboutScale():
			return caseList(tagSums, countTiles(record.Output)), nil
		}
		return caseList(tagSigns, countTiles(record.Output)), nil
	}
	return caseTree{}, ErrCaseMoveWrong.Wrapf("case %d is in %s", d.Case.Id, d.Case.Claim.Stage)
}

// Post is the defender's move: the nodes some levels below the claim, and what binds the tree that
// they belong to.
func (d Dispute) Post(msg *MsgPostTrace, height int64) (Case, error) {
	before := d.Case
	if err := before.CheckMove(height); err != nil {
		return before, err
	}
	if !before.DefenderMoves() {
		return before, ErrCaseMoveWrong.Wrapf("case %d expects a pinpoint", before.Id)
	}
	children, err := HashesFrom(msg.Children)
	if err != nil {
		return before, err
	}
	if err := d.bind(msg); err != nil {
		return before, err
	}
	tree, err := d.tree()
	if err != nil {
		return before, err
	}
	if d.Case.Claim, err = postChildren(d.Case.Claim, tree, children); err != nil {
		return before, err
	}
	d.Case.Claim.Children = msg.Children
	d.Case.Moves = append(slices.Clone(before.Moves), Move{
		Height: height, Stage: before.Claim.Stage, Posted: uint32(len(children)),
	})
	if len(children) == 1 && !d.mayDisputeScale() { // there is no choice
		if d.Case, err = d.descend(tree, 0); err != nil {
			return before, err
		}
	}
	return d.Case.passClock(before, height), nil
}

// postChildren checks that nodes fold to the claim and that padding is empty.
func postChildren(claim Claim, tree caseTree, children []Hash) (Claim, error) {
	if claim.AtRoot {
		claim.Height, claim.Index = uint32(tree.depth), 0
	}
	levels := min(postLevels, int(claim.Height))
	if len(children) != 1<<levels {
		return claim, ErrTraceInvalid.Wrapf("%d nodes, the claim wants %d", len(children), 1<<levels)
	}
	below := int(claim.Height) - levels
	for i, child := range children {
		if child != emptyTrees[below] && !tree.covers(below, claim.Index<<levels+uint64(i)) {
			return claim, ErrTraceInvalid.Wrapf("node %d lies in the padding and is not empty", i)
		}
	}
	level := slices.Clone(children)
	for k := range levels {
		level = foldLevel(level, below+k)
	}
	hash := level[0]
	if claim.AtRoot {
		hash = tree.root(hash)
	}
	if hash != Hash(claim.Hash) {
		return claim, ErrTraceInvalid.Wrap("the nodes fold to another hash than the claim")
	}
	claim.AtRoot = false
	return claim, nil
}

// Pin is the challenger's move: the first of the posted nodes that differs.
func (d Dispute) Pin(child uint32, height int64) (Case, error) {
	before := d.Case
	if err := before.CheckMove(height); err != nil {
		return before, err
	}
	if before.DefenderMoves() || before.Claim.Stage == CASE_STAGE_EXECUTION {
		return before, ErrCaseMoveWrong.Wrapf("case %d is in %s", before.Id, before.Claim.Stage)
	}
	d.Case.Moves = append(slices.Clone(before.Moves), Move{
		Height: height, Stage: before.Claim.Stage, Child: child,
	})
	if child == scaleDisputed && d.mayDisputeScale() {
		d.Case.Output = outputScale
		d.Case.Claim = Claim{Stage: CASE_STAGE_TILES, AtRoot: true}
		return d.Case.passClock(before, height), nil
	}
	tree, err := d.tree()
	if err != nil {
		return before, err
	}
	if d.Case, err = d.descend(tree, child); err != nil {
		return before, err
	}
	return d.Case.passClock(before, height), nil
}

// outputScale is the output of a case about a tensor's scale; the signs are output 0.
const outputScale = 1

// AboutScale says that the signs of the tensor of an update are agreed.
func (c Case) AboutScale() bool { return c.Kind == CASE_KIND_UPDATE && c.Output == outputScale }

// mayDisputeScale says that all signs of a tensor are before the challenger.
func (d Dispute) mayDisputeScale() bool {
	c := d.Case
	if c.Kind != CASE_KIND_UPDATE || c.Claim.Stage != CASE_STAGE_TILES || c.AboutScale() {
		return false
	}
	tree, err := d.tree()
	return err == nil && int(c.Claim.Height) == tree.depth
}

// descend makes a posted node the claim. A slot ends the stage.
func (d Dispute) descend(tree caseTree, child uint32) (Case, error) {
	c := d.Case
	claim := c.Claim
	levels := bits.Len(uint(len(claim.Children))) - 1
	if int(child) >= len(claim.Children) {
		return c, ErrPinpointInvalid.Wrapf("child %d of %d", child, len(claim.Children))
	}
	height, index := claim.Height-uint32(levels), claim.Index<<levels+uint64(child)
	if !tree.covers(int(height), index) {
		return c, ErrPinpointInvalid.Wrapf("child %d lies in the padding", child)
	}
	c.Claim = Claim{
		Stage: claim.Stage, Height: height, Index: index, Hash: claim.Children[child],
	}
	if height > 0 {
		return c, nil
	}
	switch claim.Stage {
	case CASE_STAGE_STEPS:
		c.Step, c.StateAfter = uint32(index)+1, c.Claim.Hash
		if index > 0 { // all steps fit one post, so the state before is the neighbour
			if child == 0 {
				return c, ErrTraceInvalid.Wrap("the state before the step was not posted")
			}
			c.StateBefore = claim.Children[child-1]
		}
		c.Claim = Claim{Stage: CASE_STAGE_OPERATIONS, AtRoot: true}
	case CASE_STAGE_OPERATIONS, CASE_STAGE_TENSORS:
		c.Operation = uint32(index)
		c.Claim = Claim{Stage: CASE_STAGE_TILES, AtRoot: true, Hash: c.Claim.Hash}
	case CASE_STAGE_TILES:
		c.Claim.Stage = CASE_STAGE_EXECUTION
	}
	return c, nil
}

// bind checks what the first post of a stage brings besides nodes; later posts bring nothing.
func (d *Dispute) bind(msg *MsgPostTrace) error {
	first := d.Case.Claim.AtRoot
	wantsTrace := first && d.Case.Claim.Stage == CASE_STAGE_OPERATIONS
	wantsRecord := first && d.Case.Claim.Stage == CASE_STAGE_TILES && !d.Case.AboutScale()
	wantsUpdate := wantsRecord && d.Case.Kind == CASE_KIND_UPDATE
	wantsSums := first && d.Case.Claim.Stage == CASE_STAGE_TILES && d.Case.AboutScale()
	if wantsTrace != (msg.Binding != nil) || (wantsTrace || wantsSums) != (len(msg.TraceRoot) > 0) {
		return ErrCaseMoveWrong.Wrap("a trace is bound by the first post about operations alone")
	}
	if wantsRecord != (msg.RecordProof != nil) || wantsRecord != (len(msg.Record) > 0) {
		return ErrCaseMoveWrong.Wrap("a record is brought by the first post about tiles alone")
	}
	if wantsUpdate != (msg.Update != nil) {
		return ErrCaseMoveWrong.Wrap("a tensor of an update is shown by the first post about its signs")
	}
	switch {
	case wantsUpdate:
		return d.bindUpdate(msg)
	case wantsSums:
		if _, err := HashFrom(msg.TraceRoot); err != nil {
			return err
		}
		d.Case.TraceRoot, d.Case.Claim.Hash = msg.TraceRoot, msg.TraceRoot
	case wantsTrace:
		root, err := HashFrom(msg.TraceRoot)
		if err != nil {
			return err
		}
		if err := d.bindTrace(root, *msg.Binding); err != nil {
			return err
		}
		d.Case.TraceRoot, d.Case.Claim.Hash = msg.TraceRoot, msg.TraceRoot
	case wantsRecord && d.Case.Kind == CASE_KIND_AGGREGATE:
		return d.bindSum(msg)
	case wantsRecord:
		if err := d.Program.checkRecord(msg.Record, d.Case.Operation, *msg.RecordProof); err != nil {
			return err
		}
		d.Case.Record = msg.Record
	}
	return nil
}

// bindUpdate checks that what a defender shows of a tensor is the item that it stands by, and takes
// the shape of the tensor from the record that writes it.
func (d *Dispute) bindUpdate(msg *MsgPostTrace) error {
	if _, err := HashFrom(msg.Update.SignsRoot); err != nil {
		return err
	}
	if UpdateItem(*msg.Update) != Hash(d.Case.Claim.Hash) {
		return ErrTraceInvalid.Wrapf("another tensor than item %d of the update", d.Case.Operation)
	}
	writer := d.Program.StateWriters[d.Case.Operation*d.Program.statesPerFactor()]
	if err := d.Program.checkRecord(msg.Record, writer, *msg.RecordProof); err != nil {
		return err
	}
	record, err := ParseRecord(msg.Record)
	if err != nil {
		return err
	}
	if err := checkFactor(record.Output, d.Case.Operation); err != nil {
		return err
	}
	if err := checkUpdateClaim(*msg.Update, record.Output, d.Density); err != nil {
		return err
	}
	d.Case.Record, d.Case.Update = msg.Record, msg.Update
	d.Case.Claim.Hash = msg.Update.SignsRoot
	return nil
}

// checkFactor refuses a tensor that no update has.
func checkFactor(layout Layout, factor uint32) error {
	shape := layout.Shape
	if layout.Type != elementI32 || len(shape) != 2 ||
		uint64(shape[0])*uint64(shape[1]) > updateElementsMax {
		return ErrProgramProofInvalid.Wrapf("factor %d is no i32 of an update", factor)
	}
	return nil
}

// checkRecord checks that a record is the one of an operation.
func (p StepProgram) checkRecord(record []byte, operation uint32, proof MerkleProof) error {
	siblings, err := HashesFrom(proof.Siblings)
	if err != nil {
		return err
	}
	if proof.Index != uint64(operation) {
		return ErrProgramProofInvalid.Wrapf("the proof is of operation %d", proof.Index)
	}
	if err := verifyItem(
		tagProgram, uint64(p.Operations), Hash(p.Root), proof.Index, LeafHash(record), siblings,
	); err != nil {
		return ErrProgramProofInvalid.Wrap(err.Error())
	}
	if _, err := ParseRecord(record); err != nil {
		return ErrProgramProofInvalid.Wrap(err.Error())
	}
	return nil
}

// bindTrace checks that a trace ends in the state that the defender revealed, and, in a case about
// a digest, that it holds the operations that the digest was made of.
func (d Dispute) bindTrace(trace Hash, binding TraceBinding) error {
	states, err := HashesFrom(binding.StateTensorRoots)
	if err != nil {
		return err
	}
	s, c := d.Submission, d.Case
	state := StateRoot(s.PoolId, uint64(s.Round), s.Chunk, c.Step, TreeRoot(states))
	if len(states) != len(d.Program.StateWriters) || state != Hash(c.StateAfter) {
		return ErrTraceStateMismatch.Wrapf(
			"%d tensors do not give the state after step %d", len(states), c.Step,
		)
	}
	order := make([]int, len(states))
	for i := range order {
		order[i] = i
	}
	writers := d.Program.StateWriters
	slices.SortFunc(order, func(a, b int) int { return int(writers[a]) - int(writers[b]) })
	indices, slots := make([]uint64, len(states)), make([]Hash, len(states))
	for place, tensor := range order {
		indices[place] = uint64(writers[tensor])
		slots[place] = OperationRoot([]Hash{states[tensor]})
	}
	if err := d.inTrace(trace, indices, slots, binding.Proof); err != nil {
		return err
	}
	if c.Kind == CASE_KIND_DIGEST {
		return d.bindDigest(trace, binding)
	}
	if len(binding.DigestRoots) > 0 || len(binding.DigestProof.Hashes) > 0 {
		return ErrCaseMoveWrong.Wrap("the case is not about a digest")
	}
	return nil
}

func (d Dispute) inTrace(
	trace Hash, indices []uint64, slots []Hash, proof MerkleMultiproof,
) error {
	hashes, err := HashesFrom(proof.Hashes)
	if err != nil {
		return err
	}
	return verifyItems(tagTrace, uint64(d.Program.Operations), trace, indices, slots, hashes)
}

func (d Dispute) bindDigest(trace Hash, binding TraceBinding) error {
	roots, err := HashesFrom(binding.DigestRoots)
	if err != nil {
		return err
	}
	drawn, err := AuditOperations(Hash(d.Audit.Seed), d.Program.Operations)
	if err != nil {
		return err
	}
	if len(roots) != len(drawn) {
		return ErrTraceInvalid.Wrapf("%d roots, the digest names %d", len(roots), len(drawn))
	}
	indices, outputs := make([]uint64, len(drawn)), make([]OperationOutput, len(drawn))
	for i, operation := range drawn {
		indices[i], outputs[i] = uint64(operation), OperationOutput{operation, roots[i]}
	}
	if err := d.inTrace(trace, indices, roots, binding.DigestProof); err != nil {
		return err
	}
	seat, err := d.Audit.seatOf(d.Case.Defender)
	if err != nil {
		return err
	}
	digest := ExecutionDigest(Hash(d.Audit.Seed), d.Audit.Step, Hash(d.Case.StateAfter),
		Hash(d.Submission.UpdateRoot), outputs)
	if string(digest[:]) != string(d.Audit.Seats[seat].Digest) {
		return ErrTraceInvalid.Wrap("the operations do not give the defender's digest")
	}
	return nil
}

// TileOutcome compares the leaf of the tile that the referee computed with the one that the
// defender stands by.
func (c Case) TileOutcome(executed Hash) CaseOutcome {
	if executed == Hash(c.Claim.Hash) {
		return CASE_OUTCOME_ACQUITTED
	}
	return CASE_OUTCOME_CONVICTED
}

// Convicts says that the defender lost.
func (o CaseOutcome) Convicts() bool {
	return o == CASE_OUTCOME_CONVICTED || o == CASE_OUTCOME_DEFENDER_SILENT
}

// Acquits says that the challenger lost.
func (o CaseOutcome) Acquits() bool {
	return o == CASE_OUTCOME_ACQUITTED || o == CASE_OUTCOME_CHALLENGER_SILENT
}

// TimeOut is how a case ends whose clock ran out.
func (c Case) TimeOut() CaseOutcome {
	if c.DefenderMoves() {
		return CASE_OUTCOME_DEFENDER_SILENT
	}
	return CASE_OUTCOME_CHALLENGER_SILENT
}

// Check refuses a case of a genesis file that no run of the game leaves.
func (c Case) Check() error {
	if c.Open() && (c.runningClock().StartedHeight == 0 || len(c.Claim.Children) > 1<<postLevels ||
		len(c.Queue) > QueueMax) {
		return fmt.Errorf("case %d is open without a clock, or too large", c.Id)
	}
	return nil
}

// Duty is the move that a case asks of one of its parties now.
func (c Case) Duty(party string) DutyKind {
	switch {
	case !c.Open() || c.ToMove() != party:
		return DUTY_KIND_UNSPECIFIED
	case c.DefenderMoves():
		return DUTY_KIND_POST_TRACE
	case c.Claim.Stage == CASE_STAGE_EXECUTION:
		return DUTY_KIND_EXECUTE_TILE
	}
	return DUTY_KIND_PINPOINT
}
