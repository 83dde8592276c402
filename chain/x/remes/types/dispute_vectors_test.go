package types

import (
	"os"
	"testing"

	"r3mes.dev/chain/x/remes/referee"
)

// joined is a list of hashes without anything between them.
func joined(text bytesText) [][]byte {
	list := make([][]byte, len(text)/HashSize)
	for i := range list {
		list[i] = text[i*HashSize : (i+1)*HashSize]
	}
	return list
}

type disputeFacts struct {
	Root                                       bytesText
	Records, Weights, StateTensors             uint32
	StateWriters                               []uint32
	BackboneRoot, DatasetRoot                  bytesText
	Shards                                     uint32
	Tokens                                     uint64
	SequenceTokens, BatchSequences, LocalSteps uint32
	Pool                                       wide
	Round                                      uint32
	Chunk                                      uint64
	RoundSeed                                  bytesText
	LearningRates                              []uint32
	AdapterRoot, StepsRoot                     bytesText
	UpdateRoot, RootFinal                      bytesText // of a case about an update
	Density                                    uint32
	// Of a case about a sum.
	MomentumRoot, UpdatesRoot, SumRoot, SumMomentumRoot bytesText
	OuterMomentum, OuterLearningRate                    uint32
	IsMomentum                                          bool
}

type disputeItem struct {
	Content, Siblings bytesText
	Index             uint64
}

func (i disputeItem) item() ListItem {
	return ListItem{
		Content: i.Content, Proof: MerkleProof{Index: i.Index, Siblings: joined(i.Siblings)},
	}
}

type disputeMove struct {
	Post *struct {
		Children, TraceRoot, StateRoots, StateSiblings, Record, RecordSiblings bytesText
		RecordIndex                                                            uint64
		Update                                                                 *struct {
			Scale, Kept, Threshold, Last uint32
			SignsRoot                    bytesText
		}
	}
	Pinpoint *uint32
	Execute  *struct {
		Inputs []struct {
			Slot, First, Count, Stride        uint32
			Payload, Siblings, TensorSiblings bytesText
			TensorIndex                       uint64
		}
		Shards []struct {
			Shard                            uint32
			Leaves                           []uint32
			Payload, Siblings, ShardSiblings bytesText
		}
		Items   []disputeItem
		Updates []struct{ Tensor, Signs disputeItem }
	}
	Claim struct {
		Stage  string
		IsRoot bool
		Height uint32
		Index  uint64
		Hash   bytesText
	}
}

var stageNames = map[string]CaseStage{
	"steps": CASE_STAGE_STEPS, "operations": CASE_STAGE_OPERATIONS, "tiles": CASE_STAGE_TILES,
}

func (f disputeFacts) dispute(t *testing.T) (Dispute, AgreedRoots) {
	s := Submission{
		Id: 1, PoolId: uint64(f.Pool), Round: f.Round, Chunk: f.Chunk, StepsRoot: f.StepsRoot,
	}
	c, err := OpenCase(Case{Id: 1, Kind: CASE_KIND_STEP, Defender: "d", Challenger: "c"}, s, 0,
		DisputeParams{ClockBlocks: 100}, 1)
	if err != nil {
		t.Fatal(err)
	}
	program := StepProgram{
		Root: f.Root, Operations: f.Records, StateTensors: f.StateTensors, Weights: f.Weights,
		StateWriters: f.StateWriters, Batch: f.BatchSequences, Sequence: f.SequenceTokens,
	}
	return Dispute{Case: c, Submission: s, Steps: f.LocalSteps, Program: program}, AgreedRoots{
		Model:   Model{BackboneRoot: f.BackboneRoot},
		Dataset: Dataset{Root: f.DatasetRoot, Tokens: f.Tokens, Shards: f.Shards},
		Pool: Pool{Id: uint64(f.Pool), Hyperparameters: Hyperparameters{
			LocalSteps: f.LocalSteps, LearningRates: f.LearningRates,
		}},
		Round:   Round{Number: f.Round, Seed: f.RoundSeed},
		Adapter: f.AdapterRoot,
	}
}

func (m disputeMove) post() *MsgPostTrace {
	msg := &MsgPostTrace{
		Children: joined(m.Post.Children), TraceRoot: m.Post.TraceRoot, Record: m.Post.Record,
	}
	if u := m.Post.Update; u != nil {
		msg.Update = &UpdateClaim{
			Scale: u.Scale, Kept: u.Kept, Threshold: u.Threshold, Last: u.Last, SignsRoot: u.SignsRoot,
		}
	}
	if len(m.Post.StateRoots) > 0 {
		msg.Binding = &TraceBinding{
			StateTensorRoots: joined(m.Post.StateRoots),
			Proof:            MerkleMultiproof{Hashes: joined(m.Post.StateSiblings)},
		}
	}
	if len(m.Post.Record) > 0 {
		msg.RecordProof = &MerkleProof{
			Index: m.Post.RecordIndex, Siblings: joined(m.Post.RecordSiblings),
		}
	}
	return msg
}

func (m disputeMove) execution() *MsgExecuteTile {
	msg := &MsgExecuteTile{}
	for _, i := range m.Execute.Inputs {
		msg.Inputs = append(msg.Inputs, TileInput{
			Slot: i.Slot, First: i.First, Count: i.Count, Stride: i.Stride, Payload: i.Payload,
			Proof:       MerkleMultiproof{Hashes: joined(i.Siblings)},
			TensorProof: MerkleProof{Index: i.TensorIndex, Siblings: joined(i.TensorSiblings)},
		})
	}
	for _, i := range m.Execute.Items {
		msg.Items = append(msg.Items, i.item())
	}
	for _, u := range m.Execute.Updates {
		msg.Updates = append(msg.Updates, SummedUpdate{Tensor: u.Tensor.item(), Signs: u.Signs.item()})
	}
	for _, s := range m.Execute.Shards {
		msg.Shards = append(msg.Shards, ShardLeaves{
			Shard: s.Shard, Leaves: s.Leaves, Payload: s.Payload,
			Proof:      MerkleMultiproof{Hashes: joined(s.Siblings)},
			ShardProof: MerkleProof{Index: uint64(s.Shard), Siblings: joined(s.ShardSiblings)},
		})
	}
	return msg
}

// Whole cases about a real step of a small model, as any party plays them.
func TestCasesOfTheVectors(t *testing.T) {
	type disputeCase struct {
		Facts     disputeFacts
		Moves     []disputeMove
		Step      uint32
		Constants bytesText
		Outcome   string
	}
	bytes, err := os.ReadFile("../../../../packages/engine/src/kernels/referee/referee.wasm")
	if err != nil {
		t.Fatal(err)
	}
	module, err := referee.New(referee.Options{}).Register(bytes)
	if err != nil {
		t.Fatal(err)
	}
	outcomes := map[string]CaseOutcome{
		"defenderLost": CASE_OUTCOME_CONVICTED, "challengerLost": CASE_OUTCOME_ACQUITTED,
	}
	forEachCase(t, "dispute/case.json", func(t *testing.T, c disputeCase) {
		d, roots := c.Facts.dispute(t)
		executed := CASE_OUTCOME_UNSPECIFIED
		for i, move := range c.Moves {
			switch {
			case move.Post != nil:
				d.Case, err = d.Post(move.post(), 1)
			case move.Pinpoint != nil:
				d.Case, err = d.Pin(*move.Pinpoint, 1)
			default:
				executed = executeVector(t, module, d, roots, move.execution(), c.Constants)
			}
			if err != nil {
				t.Fatalf("move %d: %v", i, err)
			}
			claim := d.Case.Claim
			if move.Execute != nil || len(claim.Children) > 0 {
				continue // until the pinpoint the claim stays the node above
			}
			stage := stageNames[move.Claim.Stage]
			if stage == CASE_STAGE_TILES && move.Claim.Height == 0 && !move.Claim.IsRoot {
				stage = CASE_STAGE_EXECUTION // the claim is a leaf
			}
			if claim.Stage != stage || claim.AtRoot != move.Claim.IsRoot ||
				claim.Height != move.Claim.Height || claim.Index != move.Claim.Index ||
				string(claim.Hash) != string(move.Claim.Hash) {
				t.Fatalf("move %d leaves %v, want %v", i, claim, move.Claim)
			}
		}
		requireEqual(t, d.Case.Step, c.Step)
		requireEqual(t, executed, outcomes[c.Outcome])
	})
}

func executeVector(
	t *testing.T, module *referee.Module, d Dispute, roots AgreedRoots, msg *MsgExecuteTile,
	constants []byte,
) CaseOutcome {
	t.Helper()
	if err := CheckTileSize(msg, LimitTileInputBytesMax); err != nil {
		t.Fatal(err)
	}
	tile, err := NewTile(d, roots, msg)
	if err != nil {
		t.Fatal(err)
	}
	if got := tile.Constants(); got != nil {
		requireEqual(t, string(got), string(constants))
	}
	payload, outcome, err := module.Run(referee.Task{
		Op: d.Case.Record, Constants: tile.Constants(), Tile: uint32(d.Case.Claim.Index),
		Fuel: referee.FuelMax - referee.FuelConstant,
	}, func(r referee.Range) ([]byte, error) { return tile.Read(LeafRange(r)) })
	if err != nil || outcome.Code != referee.Done {
		t.Fatalf("%v, %v", outcome, err)
	}
	if err := tile.RequireUsed(); err != nil {
		t.Fatal(err)
	}
	hash, ok := tile.OutputLeaf(uint32(d.Case.Claim.Index), payload)
	if !ok {
		t.Fatal("a tile of another size")
	}
	return d.Case.TileOutcome(hash)
}

// Whole cases about a real update of a small model, as any party plays them.
func TestUpdateCasesOfTheVectors(t *testing.T) {
	type updateCase struct {
		Facts   disputeFacts
		Moves   []disputeMove
		Outcome string
	}
	outcomes := map[string]CaseOutcome{
		"defenderLost": CASE_OUTCOME_CONVICTED, "challengerLost": CASE_OUTCOME_ACQUITTED,
	}
	forEachCase(t, "dispute/update.json", func(t *testing.T, c updateCase) {
		f := c.Facts
		s := Submission{
			Id: 1, PoolId: uint64(f.Pool), Round: f.Round, Chunk: f.Chunk, UpdateRoot: f.UpdateRoot,
			Opening: &Opening{RootFinal: f.RootFinal},
		}
		opened, err := OpenCase(Case{Id: 1, Kind: CASE_KIND_UPDATE, Defender: "d", Challenger: "c"},
			s, 0, DisputeParams{ClockBlocks: 100}, 1)
		if err != nil {
			t.Fatal(err)
		}
		d := Dispute{Case: opened, Submission: s, Steps: f.LocalSteps, Density: f.Density,
			Program: StepProgram{
				Root: f.Root, Operations: f.Records, StateTensors: f.StateTensors, Weights: f.Weights,
				StateWriters: f.StateWriters, Optimizer: OPTIMIZER_ADAM,
			}}
		outcome := CASE_OUTCOME_UNSPECIFIED
		for i, move := range c.Moves {
			switch {
			case move.Post != nil:
				d.Case, err = d.Post(move.post(), 1)
			case move.Pinpoint != nil:
				d.Case, err = d.Pin(*move.Pinpoint, 1)
			default:
				outcome, err = judgeVector(d, AgreedRoots{Adapter: f.AdapterRoot}, move.execution())
			}
			if err != nil {
				t.Fatalf("move %d: %v", i, err)
			}
		}
		requireEqual(t, outcome, outcomes[c.Outcome])
	})
}

func judgeVector(d Dispute, roots AgreedRoots, msg *MsgExecuteTile) (CaseOutcome, error) {
	if d.Case.Claim.Stage != CASE_STAGE_EXECUTION {
		return CASE_OUTCOME_UNSPECIFIED, ErrCaseMoveWrong
	}
	tile, err := NewUpdateTile(d, roots, msg)
	if err != nil {
		return CASE_OUTCOME_UNSPECIFIED, err
	}
	_, outcome, err := tile.Judge()
	return outcome, err
}

// Whole cases about the sum of a round of a small model, as any party plays them.
func TestSumCasesOfTheVectors(t *testing.T) {
	type sumCase struct {
		Facts   disputeFacts
		Moves   []disputeMove
		Outcome string
	}
	outcomes := map[string]CaseOutcome{
		"defenderLost": CASE_OUTCOME_CONVICTED, "challengerLost": CASE_OUTCOME_ACQUITTED,
	}
	forEachCase(t, "dispute/sum.json", func(t *testing.T, c sumCase) {
		f := c.Facts
		attested := Attestation{
			PoolId: 1, Round: 1, Verifier: "d", Root: f.SumRoot, MomentumRoot: f.SumMomentumRoot,
		}
		d := Dispute{
			Case: OpenSumCase(attested, Challenge{Challenger: "c", Momentum: f.IsMomentum},
				DisputeParams{ClockBlocks: 100}, 1),
			Program: StepProgram{
				Root: f.Root, Operations: f.Records, StateTensors: f.StateTensors, Weights: f.Weights,
				StateWriters: f.StateWriters, Optimizer: OPTIMIZER_ADAM,
			},
		}
		roots := AgreedRoots{
			Adapter: f.AdapterRoot, Momentum: f.MomentumRoot, Round: Round{UpdatesRoot: f.UpdatesRoot},
			Pool: Pool{Hyperparameters: Hyperparameters{
				OuterMomentum: f.OuterMomentum, OuterLearningRate: f.OuterLearningRate,
			}},
		}
		outcome := CASE_OUTCOME_UNSPECIFIED
		for i, move := range c.Moves {
			var err error
			switch {
			case move.Post != nil:
				d.Case, err = d.Post(move.post(), 1)
			case move.Pinpoint != nil:
				d.Case, err = d.Pin(*move.Pinpoint, 1)
			default:
				requireEqual(t, d.Case.Claim.Stage, CASE_STAGE_EXECUTION)
				var tile *SumTile
				if tile, err = NewSumTile(d, roots, move.execution()); err == nil {
					_, outcome, err = tile.Judge()
				}
			}
			if err != nil {
				t.Fatalf("move %d: %v", i, err)
			}
		}
		requireEqual(t, outcome, outcomes[c.Outcome])
	})
}
