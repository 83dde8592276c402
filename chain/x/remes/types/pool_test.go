package types

import (
	"errors"
	"strings"
	"testing"

	errorsmod "cosmossdk.io/errors"
)

func TestChunksOfADataset(t *testing.T) {
	type shape struct {
		SequenceTokens, BatchSequences, LocalSteps uint32
	}
	forEachCase(t, "chunk/dataset.json", func(t *testing.T, c struct {
		Tokens  wide
		Shape   shape
		Chunks  uint64
		Refused string
	}) {
		if c.Refused != "" {
			return // an opening refuses such shapes and counts before it opens a pool
		}
		program := StepProgram{Sequence: c.Shape.SequenceTokens, Batch: c.Shape.BatchSequences}
		if got := ChunksOf(uint64(c.Tokens), program, c.Shape.LocalSteps); got != c.Chunks {
			t.Fatalf("%d chunks, want %d", got, c.Chunks)
		}
	})
}

// proposedPool is a message that may open a pool, with the records that it names.
type proposedPool struct {
	msg     MsgOpenPool
	model   Model
	dataset Dataset
}

func newProposedPool() proposedPool {
	return proposedPool{
		msg: MsgOpenPool{
			Hyperparameters: Hyperparameters{
				LocalSteps: 4, LearningRates: []uint32{1}, Density: 90, OuterMomentum: 128, OuterLearningRate: 640,
			},
			ChunksPerRound: 256, Rounds: 2, TrainingBlocks: 8, LeaseBlocks: 6, SubmissionsMin: 1, Budget: 600 * REMES,
		},
		model: Model{
			Status: STATUS_APPROVED, TokenizerHash: []byte{1}, Programs: []StepProgram{{Batch: 8, Sequence: 256}},
		},
		dataset: Dataset{Status: STATUS_APPROVED, TokenizerHash: []byte{1}, Tokens: 256*4*8*256 + 1},
	}
}

// poolBounds are what lies just within each bound of a pool, and just beyond it.
var poolBounds = map[string]struct {
	within, beyond func(*proposedPool)
	want           *errorsmod.Error
	says           string
}{
	"an approved model": {
		func(*proposedPool) {}, func(p *proposedPool) { p.model.Status = STATUS_RETIRED }, ErrModelRetired, "model"},
	"an approved dataset": {
		func(*proposedPool) {}, func(p *proposedPool) { p.dataset.Status = STATUS_PROPOSED },
		ErrDatasetNotApproved, "dataset"},
	"a program of the model": {
		func(p *proposedPool) {
			p.model.Programs, p.msg.Program = append(p.model.Programs, p.model.Programs[0]), 1
		},
		func(p *proposedPool) { p.msg.Program = 1 }, ErrPoolInvalid, "program 1 of 1"},
	"the tokenizer of the model": {
		func(*proposedPool) {}, func(p *proposedPool) { p.dataset.TokenizerHash = []byte{2} },
		ErrPoolInvalid, "another tokenizer"},
	"chunks": {
		func(*proposedPool) {}, func(p *proposedPool) { p.msg.ChunksPerRound++ }, ErrPoolInvalid, "chunks per round"},
	"submissions that count": {
		func(p *proposedPool) { p.msg.SubmissionsMin = p.msg.ChunksPerRound },
		func(p *proposedPool) { p.msg.SubmissionsMin = p.msg.ChunksPerRound + 1 }, ErrPoolInvalid, "submissions_min"},
	"some submission": {
		func(*proposedPool) {}, func(p *proposedPool) { p.msg.SubmissionsMin = 0 }, ErrPoolInvalid, "submissions_min"},
	"rounds": {
		func(p *proposedPool) { p.msg.Rounds = roundsMax },
		func(p *proposedPool) { p.msg.Rounds = roundsMax + 1 }, ErrPoolInvalid, "rounds"},
	"the shortest window": {
		func(p *proposedPool) {
			p.msg.TrainingBlocks, p.msg.LeaseBlocks = devParams().Round.TrainingBlocksMin, 1
		},
		func(p *proposedPool) {
			p.msg.TrainingBlocks, p.msg.LeaseBlocks = devParams().Round.TrainingBlocksMin-1, 1
		},
		ErrPoolInvalid, "training_blocks"},
	"the longest window": {
		func(p *proposedPool) { p.msg.TrainingBlocks = devParams().Round.TrainingBlocksMax },
		func(p *proposedPool) { p.msg.TrainingBlocks = devParams().Round.TrainingBlocksMax + 1 }, ErrPoolInvalid, "training_blocks"},
	"a lease as long as its window": {
		func(p *proposedPool) { p.msg.LeaseBlocks = p.msg.TrainingBlocks },
		func(p *proposedPool) { p.msg.LeaseBlocks = p.msg.TrainingBlocks + 1 }, ErrPoolInvalid, "lease_blocks"},
	"some lease": {
		func(p *proposedPool) { p.msg.LeaseBlocks = 1 }, func(p *proposedPool) { p.msg.LeaseBlocks = 0 },
		ErrPoolInvalid, "lease_blocks"},
	"steps": {
		func(p *proposedPool) {
			p.msg.Hyperparameters.LocalSteps, p.msg.ChunksPerRound = LimitLocalStepsMax, 1
		},
		func(p *proposedPool) {
			p.msg.Hyperparameters.LocalSteps, p.msg.ChunksPerRound = LimitLocalStepsMax+1, 1
		}, ErrPoolInvalid, "local steps"},
	"learning rates": {
		func(p *proposedPool) { p.msg.Hyperparameters.LearningRates = make([]uint32, learningRateMax) },
		func(p *proposedPool) { p.msg.Hyperparameters.LearningRates = make([]uint32, learningRateMax+1) },
		ErrPoolInvalid, "learning rates"},
	"the highest learning rate": {
		func(p *proposedPool) { p.msg.Hyperparameters.LearningRates = []uint32{0, rateMax, 1} },
		func(p *proposedPool) { p.msg.Hyperparameters.LearningRates = []uint32{0, rateMax + 1, 1} },
		ErrPoolInvalid, "learning rate"},
	"half of all elements": {
		func(p *proposedPool) { p.msg.Hyperparameters.Density = 500 },
		func(p *proposedPool) { p.msg.Hyperparameters.Density = 501 }, ErrPoolInvalid, "density"},
	"some element": {
		func(p *proposedPool) { p.msg.Hyperparameters.Density = 1 },
		func(p *proposedPool) { p.msg.Hyperparameters.Density = 0 }, ErrPoolInvalid, "density"},
	"a momentum below one": {
		func(p *proposedPool) { p.msg.Hyperparameters.OuterMomentum = 255 },
		func(p *proposedPool) { p.msg.Hyperparameters.OuterMomentum = 256 }, ErrPoolInvalid, "outer momentum"},
	"the highest outer rate": {
		func(p *proposedPool) { p.msg.Hyperparameters.OuterLearningRate = 4_095 },
		func(p *proposedPool) { p.msg.Hyperparameters.OuterLearningRate = 4_096 }, ErrPoolInvalid, "outer momentum"},
	"some outer rate": {
		func(p *proposedPool) { p.msg.Hyperparameters.OuterLearningRate = 1 },
		func(p *proposedPool) { p.msg.Hyperparameters.OuterLearningRate = 0 }, ErrPoolInvalid, "outer momentum"},
	"a text for every chunk of a round": {
		func(*proposedPool) {}, func(p *proposedPool) { p.dataset.Tokens-- }, ErrPoolInvalid, "the dataset has 255 chunks"},
	"a unit for every chunk": {
		func(p *proposedPool) { p.msg.Budget = 512 }, func(p *proposedPool) { p.msg.Budget = 511 },
		ErrPoolBudgetInsufficient, "511 uremes"},
	"all that there may be": {
		func(p *proposedPool) { p.msg.Budget = SupplyCap }, func(p *proposedPool) { p.msg.Budget = SupplyCap + 1 },
		ErrPoolBudgetInsufficient, "uremes for"},
}

// Each bound is tried from both sides: what lies just within is accepted, and what lies just beyond is
// refused for that alone.
func TestAPoolKeepsToItsBounds(t *testing.T) {
	params := devParams()
	for name, c := range poolBounds {
		t.Run(name, func(t *testing.T) {
			inside, outside := newProposedPool(), newProposedPool()
			c.within(&inside)
			c.beyond(&outside)
			if _, err := NewPool(&inside.msg, inside.model, inside.dataset, params, 1); err != nil {
				t.Errorf("just within: %v", err)
			}
			_, err := NewPool(&outside.msg, outside.model, outside.dataset, params, 1)
			if !errors.Is(err, c.want) || !strings.Contains(err.Error(), c.says) {
				t.Errorf("got %v, want a refusal about %q", err, c.says)
			}
		})
	}
}
