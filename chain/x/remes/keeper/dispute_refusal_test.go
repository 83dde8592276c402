package keeper

import (
	"os"
	"slices"
	"strings"
	"testing"

	"r3mes.dev/chain/x/remes/types"
)

func readModule(w *world, path string) []byte {
	bytes, err := os.ReadFile(path)
	w.must(err)
	return bytes
}

func TestChallengesRefuse(t *testing.T) {
	c := accepted(t, wrongAt(2, 2, 0), unchanged)
	other := c.subject().Opening.Step%localSteps + 1
	challenge := func(name string, change func(*types.MsgChallenge)) func() error {
		msg := c.challengeMsg(name, 0)
		change(msg)
		return refuse(c.world, c.msgs.Challenge, msg)
	}
	asIs := func(*types.MsgChallenge) {}
	requireRefusals(t, []refusal{
		{"no submission", challenge("c", func(m *types.MsgChallenge) { m.SubmissionId = 99 }), types.ErrSubmissionNotFound},
		{"a step of an update", challenge("c", func(m *types.MsgChallenge) {
			m.Kind, m.Step = types.CASE_KIND_UPDATE, 1
		}), types.ErrChallengeStepInvalid},
		{"a sum", challenge("c", func(m *types.MsgChallenge) { m.Kind = types.CASE_KIND_AGGREGATE }), types.ErrChallengeKindInvalid},
		{"a digest", challenge("c", func(m *types.MsgChallenge) { m.Kind = types.CASE_KIND_DIGEST }), types.ErrChallengeKindInvalid},
		{"a round", challenge("c", func(m *types.MsgChallenge) { m.Round = 1 }), types.ErrChallengeKindInvalid},
		{"a step that is not opened", challenge("c", func(m *types.MsgChallenge) { m.Step = other }), types.ErrChallengeStepInvalid},
		{"a step that is not there", challenge("c", func(m *types.MsgChallenge) { m.Step = localSteps + 1 }), types.ErrChallengeStepInvalid},
		{"an empty purse", challenge("nobody", asIs), types.ErrFundsInsufficient},
		{"no address", challenge("c", func(m *types.MsgChallenge) { m.Challenger = "remes1" }), types.ErrAddressInvalid},
		{"the miner itself", challenge("m1", asIs), types.ErrUnauthorized},
		{"the miner itself, in capitals", challenge("c", func(m *types.MsgChallenge) {
			m.Challenger = strings.ToUpper(c.address("m1"))
		}), types.ErrAddressInvalid},
	})
	c.challenge("c", c.subject().Opening.Step)
	requireRefusals(t, []refusal{{"twice", challenge("c", asIs), types.ErrChallengeExists}})

	end := c.submission(c.leases[1].Id).MatureHeight
	c.at(end + 1)
	late := c.challengeMsg("d", 0)
	late.SubmissionId = c.leases[1].Id
	requireRefusals(t, []refusal{
		{"one block late", refuse(c.world, c.msgs.Challenge, late), types.ErrChallengeWindowClosed},
	})
	c.at(end)
	if _, err := deliver(c.world, c.msgs.Challenge, late); err != nil {
		t.Fatalf("the last block in time: %v", err)
	}
}

func TestWorkThatIsNotAcceptedCannotBeChallenged(t *testing.T) {
	c := newCourt(t, honest, unchanged)
	_, err := deliver(c.world, c.msgs.Challenge, c.challengeMsg("c", 0))
	requireRefusal(t, err, types.ErrChallengeWindowClosed)
}

// found is a court in which the play has come to a stage.
func found(t *testing.T, stage types.CaseStage) (*court, uint64) {
	c := accepted(t, wrongAt(3, 0, 1), unchanged)
	id := c.challenge("c", 0).CaseId
	for c.file(id).Claim.Stage != stage {
		do(c.world, c.msgs.PostTrace, c.liar.post(c.file(id), c.operatorOf("m1")))
		if file := c.file(id); !file.DefenderMoves() && file.Claim.Stage != types.CASE_STAGE_EXECUTION {
			do(c.world, c.msgs.Pinpoint, &types.MsgPinpoint{
				Operator: c.address("c"), CaseId: id, Child: c.truth.differs(file)})
		}
	}
	return c, id
}

func TestMovesRefuse(t *testing.T) {
	c, id := found(t, types.CASE_STAGE_STEPS)
	post := func(change func(*types.MsgPostTrace)) func() error {
		msg := c.liar.post(c.file(id), c.operatorOf("m1"))
		change(msg)
		return refuse(c.world, c.msgs.PostTrace, msg)
	}
	pin := func(name string, child uint32) func() error {
		return refuse(c.world, c.msgs.Pinpoint, &types.MsgPinpoint{
			Operator: name, CaseId: id, Child: child})
	}
	requireRefusals(t, []refusal{
		{"no case", post(func(m *types.MsgPostTrace) { m.CaseId = 99 }), types.ErrCaseNotFound},
		{"a post of the challenger", post(func(m *types.MsgPostTrace) { m.Operator = c.address("c") }), types.ErrCaseOtherParty},
		{"a post of a stranger", post(func(m *types.MsgPostTrace) { m.Operator = c.address("d") }), types.ErrUnauthorized},
		{"a post of another miner", post(func(m *types.MsgPostTrace) { m.Operator = c.operatorOf("m2") }), types.ErrUnauthorized},
		{"a node too few", post(func(m *types.MsgPostTrace) { m.Children = m.Children[:3] }), types.ErrTraceInvalid},
		{"too many nodes", post(func(m *types.MsgPostTrace) { m.Children = append(m.Children, m.Children...) }), types.ErrTraceInvalid},
		{"a node of another run", post(func(m *types.MsgPostTrace) { m.Children[3] = hashOf("x") }), types.ErrTraceInvalid},
		{"nodes swapped", post(func(m *types.MsgPostTrace) { slices.Reverse(m.Children) }), types.ErrTraceInvalid},
		{"a node of 31 bytes", post(func(m *types.MsgPostTrace) { m.Children[0] = m.Children[0][1:] }), types.ErrHashLengthInvalid},
		{"a trace too early", post(func(m *types.MsgPostTrace) { m.TraceRoot = hashOf("x") }), types.ErrCaseMoveWrong},
		{"a record too early", post(func(m *types.MsgPostTrace) { m.Record = []byte{1} }), types.ErrCaseMoveWrong},
		{"a pinpoint before the post", pin(c.address("c"), 0), types.ErrCaseMoveWrong},
		{"an execution before the tile", refuse(c.world, c.msgs.ExecuteTile, &types.MsgExecuteTile{
			Executor: c.address("c"), CaseId: id}), types.ErrCaseMoveWrong},
	})
	do(c.world, c.msgs.PostTrace, c.liar.post(c.file(id), c.operatorOf("m1")))
	requireRefusals(t, []refusal{
		{"a second post", refuse(c.world, c.msgs.PostTrace, &types.MsgPostTrace{
			Operator: c.operatorOf("m1"), CaseId: id}), types.ErrCaseMoveWrong},
		{"a pinpoint of the defender", pin(c.operatorOf("m1"), 0), types.ErrCaseOtherParty},
		{"a pinpoint of a stranger", pin(c.address("d"), 0), types.ErrUnauthorized},
		{"a child that was not posted", pin(c.address("c"), 4), types.ErrPinpointInvalid},
	})
	c.at(c.file(id).Deadline() + 1) // as if the queue were behind
	requireRefusals(t, []refusal{{"one block late", pin(c.address("c"), 2), types.ErrCaseClockOut}})
	c.at(c.file(id).Deadline())
	do(c.world, c.msgs.Pinpoint, &types.MsgPinpoint{Operator: c.address("c"), CaseId: id, Child: 2})
}

func TestTracesRefuse(t *testing.T) {
	c, id := found(t, types.CASE_STAGE_OPERATIONS)
	post := func(change func(*types.MsgPostTrace)) func() error {
		msg := c.liar.post(c.file(id), c.operatorOf("m1"))
		change(msg)
		return refuse(c.world, c.msgs.PostTrace, msg)
	}
	requireRefusals(t, []refusal{
		{"no binding", post(func(m *types.MsgPostTrace) { m.Binding = nil }), types.ErrCaseMoveWrong},
		{"no trace root", post(func(m *types.MsgPostTrace) { m.TraceRoot = nil }), types.ErrCaseMoveWrong},
		{"a short trace root", post(func(m *types.MsgPostTrace) { m.TraceRoot = []byte{1} }), types.ErrHashLengthInvalid},
		{"the honest trace", func() error { // it does not end in the state that was revealed
			_, err := deliver(c.world, c.msgs.PostTrace, c.truth.post(c.file(id), c.operatorOf("m1")))
			return err
		}, types.ErrTraceStateMismatch},
		{"the honest trace under the revealed state", post(func(m *types.MsgPostTrace) {
			honest := c.truth.post(c.file(id), m.Operator)
			m.TraceRoot, m.Children, m.Binding.Proof = honest.TraceRoot, honest.Children, honest.Binding.Proof
		}), types.ErrMerkleProofInvalid},
		{"a tensor too few", post(func(m *types.MsgPostTrace) {
			m.Binding.StateTensorRoots = m.Binding.StateTensorRoots[:1]
		}), types.ErrTraceStateMismatch},
		{"tensors swapped", post(func(m *types.MsgPostTrace) {
			slices.Reverse(m.Binding.StateTensorRoots)
		}), types.ErrTraceStateMismatch},
		{"a sibling too many", post(func(m *types.MsgPostTrace) {
			m.Binding.Proof.Hashes = append(m.Binding.Proof.Hashes, hashOf("x"))
		}), types.ErrMerkleProofShapeInvalid},
		{"another sibling", post(func(m *types.MsgPostTrace) {
			m.Binding.Proof.Hashes[0] = hashOf("x")
		}), types.ErrMerkleProofInvalid},
		{"a digest that nobody asked for", post(func(m *types.MsgPostTrace) {
			m.Binding.DigestRoots = [][]byte{hashOf("x")}
		}), types.ErrCaseMoveWrong},
	})
}

func TestTilesRefuse(t *testing.T) {
	c, id := found(t, types.CASE_STAGE_TILES)
	post := func(change func(*types.MsgPostTrace)) func() error {
		msg := c.liar.post(c.file(id), c.operatorOf("m1"))
		change(msg)
		return refuse(c.world, c.msgs.PostTrace, msg)
	}
	requireRefusals(t, []refusal{
		{"no record", post(func(m *types.MsgPostTrace) { m.Record, m.RecordProof = nil, nil }), types.ErrCaseMoveWrong},
		{"another record", post(func(m *types.MsgPostTrace) { m.Record = c.trainer.records[1] }), types.ErrProgramProofInvalid},
		{"another operation", post(func(m *types.MsgPostTrace) { m.RecordProof.Index++ }), types.ErrProgramProofInvalid},
		{"a sibling too few", post(func(m *types.MsgPostTrace) {
			m.RecordProof.Siblings = m.RecordProof.Siblings[1:]
		}), types.ErrProgramProofInvalid},
		{"another sibling", post(func(m *types.MsgPostTrace) {
			m.RecordProof.Siblings[0] = hashOf("x")
		}), types.ErrProgramProofInvalid},
		{"the honest tiles", post(func(m *types.MsgPostTrace) {
			m.Children = bytesOf(c.truth.shown(c.file(id)))
		}), types.ErrTraceInvalid},
	})
}

func TestExecutionsRefuse(t *testing.T) {
	c, id := found(t, types.CASE_STAGE_EXECUTION)
	execute := func(change func(*types.MsgExecuteTile)) func() error {
		msg := c.truth.execution(c.file(id), c.liar)
		change(msg)
		return refuse(c.world, c.msgs.ExecuteTile, msg)
	}
	// The tile of an embedding reads ranges of the batch and of the table.
	at := slices.IndexFunc(c.truth.execution(c.file(id), c.liar).Inputs, func(i types.TileInput) bool {
		return len(i.Payload) > 0
	})
	input := func(change func(*types.TileInput)) func() error {
		return execute(func(m *types.MsgExecuteTile) { change(&m.Inputs[at]) })
	}
	shard := func(change func(*types.ShardLeaves)) func() error {
		return execute(func(m *types.MsgExecuteTile) { change(&m.Shards[0]) })
	}
	requireRefusals(t, []refusal{
		{"nothing", execute(func(m *types.MsgExecuteTile) { m.Inputs, m.Shards = nil, nil }), types.ErrTileInputInvalid},
		{"an input too few", execute(func(m *types.MsgExecuteTile) { m.Inputs = m.Inputs[:len(m.Inputs)-1] }), types.ErrTileInputInvalid},
		{"an input too many", execute(func(m *types.MsgExecuteTile) { m.Inputs = append(m.Inputs, m.Inputs[at]) }), types.ErrTileInputInvalid},
		{"inputs out of order", execute(func(m *types.MsgExecuteTile) { slices.Reverse(m.Inputs) }), types.ErrTileInputInvalid},
		{"too much", input(func(i *types.TileInput) { i.Payload = make([]byte, 1<<18) }), types.ErrMessageTooLarge},
		{"another leaf", input(func(i *types.TileInput) { i.Payload[0] ^= 1 }), types.ErrMerkleProofInvalid},
		{"a byte too few", input(func(i *types.TileInput) { i.Payload = i.Payload[1:] }), types.ErrEncodingInvalid},
		{"another place", input(func(i *types.TileInput) { i.TensorProof.Index++ }), types.ErrMerkleIndexInvalid},
		{"a sibling too many", input(func(i *types.TileInput) {
			i.Proof.Hashes = append(i.Proof.Hashes, hashOf("x"))
		}), types.ErrMerkleProofShapeInvalid},
		{"a sibling of the tensor too many", input(func(i *types.TileInput) {
			i.TensorProof.Siblings = append(i.TensorProof.Siblings, hashOf("x"))
		}), types.ErrMerkleProofShapeInvalid},
		{"another token", shard(func(s *types.ShardLeaves) { s.Payload[0] ^= 1 }), types.ErrMerkleProofInvalid},
		{"a shard that is not there", shard(func(s *types.ShardLeaves) { s.Shard = 1 }), types.ErrTileInputInvalid},
		{"no leaf", shard(func(s *types.ShardLeaves) { s.Leaves, s.Payload = nil, nil }), types.ErrTileInputInvalid},
		{"another sibling in the shard", shard(func(s *types.ShardLeaves) { s.Proof.Hashes[0] = hashOf("x") }), types.ErrMerkleProofInvalid},
		{"another leaf of the shard", execute(func(m *types.MsgExecuteTile) {
			m.Shards = otherLeaf(c.trainer, m.Shards[0])
		}), types.ErrTileInputInvalid},
		{"a shard twice", execute(func(m *types.MsgExecuteTile) { m.Shards = append(m.Shards, m.Shards[0]) }), types.ErrTileInputInvalid},
	})
	if outcome := c.execute(id, c.truth, c.liar); outcome != types.CASE_OUTCOME_CONVICTED {
		t.Fatalf("the case ended %s", outcome)
	}
	requireRefusals(t, []refusal{{"a second time", refuse(c.world, c.msgs.ExecuteTile,
		&types.MsgExecuteTile{Executor: c.address("c"), CaseId: id}), types.ErrCaseClosed}})
}

// otherLeaf proves a leaf of the shard that the batch does not need.
func otherLeaf(t *trainer, needed types.ShardLeaves) []types.ShardLeaves {
	layout, all := t.shardLeaves()
	other := (needed.Leaves[0] + 2) % uint32(len(all))
	if slices.Contains(needed.Leaves, other) {
		other = (needed.Leaves[0] + 1) % uint32(len(all))
	}
	leaf := types.ShardLeaves{Leaves: []uint32{other}, Payload: all[other]}
	leaf.Proof.Hashes = bytesOf(types.ProveSlots(leavesOf(layout, all), []uint64{uint64(other)}))
	return []types.ShardLeaves{leaf}
}

func TestModelsThatCannotBeDisputedAreRefused(t *testing.T) {
	w := newWorld(t, unchanged)
	id := do(w, w.msgs.RegisterReferee, &types.MsgRegisterReferee{
		Authority: authority, Module: readModule(w, "../referee/testdata/tile.wasm")}).Id
	broken := func(change func(*types.StepProgram)) func() error {
		model := testModel(id)
		change(&model.Programs[0])
		return refuse(w, w.msgs.RegisterModel, &types.MsgRegisterModel{Authority: authority, Model: model})
	}
	requireRefusals(t, []refusal{
		{"no weights", broken(func(p *types.StepProgram) { p.Weights = 0 }), types.ErrModelInvalid},
		{"more state than one proof binds", broken(func(p *types.StepProgram) { p.StateTensors = 4_097 }), types.ErrModelInvalid},
		{"no writers", broken(func(p *types.StepProgram) { p.StateWriters = nil }), types.ErrModelInvalid},
		{"a writer too few", broken(func(p *types.StepProgram) { p.StateWriters = p.StateWriters[1:] }), types.ErrModelInvalid},
		{"a writer of two tensors", broken(func(p *types.StepProgram) { p.StateWriters[0] = p.StateWriters[1] }), types.ErrModelInvalid},
		{"a writer beyond the program", broken(func(p *types.StepProgram) { p.StateWriters[0] = p.Operations }), types.ErrModelInvalid},
	})
}
