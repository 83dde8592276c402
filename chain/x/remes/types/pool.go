package types

import "slices"

// NewPool is a pool as its opening message asks for, if the model, the dataset and the parameters
// allow it.
func NewPool(
	msg *MsgOpenPool, model Model, dataset Dataset, params Params, height int64,
) (Pool, error) {
	pool := Pool{
		Sponsor:         msg.Sponsor,
		ModelId:         msg.ModelId,
		Program:         msg.Program,
		DatasetId:       msg.DatasetId,
		ParentAdapterId: msg.ParentAdapterId,
		Hyperparameters: msg.Hyperparameters,
		ChunksPerRound:  msg.ChunksPerRound,
		Rounds:          msg.Rounds,
		TrainingBlocks:  msg.TrainingBlocks,
		LeaseBlocks:     msg.LeaseBlocks,
		SubmissionsMin:  msg.SubmissionsMin,
		Budget:          msg.Budget,
		Escrow:          msg.Budget,
		AdapterId:       msg.ParentAdapterId,
		Status:          POOL_STATUS_OPEN,
		Height:          height,
	}
	switch {
	case model.Status != STATUS_APPROVED:
		return pool, ErrModelRetired.Wrapf("model %d", model.Id)
	case dataset.Status != STATUS_APPROVED:
		return pool, ErrDatasetNotApproved.Wrapf("dataset %d is %s", dataset.Id, dataset.Status)
	case int(msg.Program) >= len(model.Programs):
		return pool, ErrPoolInvalid.Wrapf("program %d of %d", msg.Program, len(model.Programs))
	case string(dataset.TokenizerHash) != string(model.TokenizerHash):
		return pool, ErrPoolInvalid.Wrap(
			"the dataset was made with another tokenizer than the model's",
		)
	case !within(msg.ChunksPerRound, 1, LimitChunksPerRoundMax):
		return pool, ErrPoolInvalid.Wrapf(
			"%d chunks per round, 1 to %d", msg.ChunksPerRound, LimitChunksPerRoundMax,
		)
	case !within(msg.SubmissionsMin, 1, msg.ChunksPerRound):
		return pool, ErrPoolInvalid.Wrapf(
			"submissions_min %d, 1 to chunks_per_round", msg.SubmissionsMin,
		)
	case !within(msg.Rounds, 1, roundsMax):
		return pool, ErrPoolInvalid.Wrapf("%d rounds, 1 to %d", msg.Rounds, roundsMax)
	case !within(msg.TrainingBlocks, params.Round.TrainingBlocksMin, params.Round.TrainingBlocksMax):
		return pool, ErrPoolInvalid.Wrapf("training_blocks %d, %d to %d",
			msg.TrainingBlocks, params.Round.TrainingBlocksMin, params.Round.TrainingBlocksMax)
	case !within(msg.LeaseBlocks, 1, msg.TrainingBlocks):
		return pool, ErrPoolInvalid.Wrapf("lease_blocks %d, 1 to training_blocks", msg.LeaseBlocks)
	}
	if err := checkHyperparameters(msg.Hyperparameters); err != nil {
		return pool, err
	}
	pool.ChunksTotal = ChunksOf(
		dataset.Tokens, model.Programs[msg.Program], msg.Hyperparameters.LocalSteps,
	)
	if pool.ChunksTotal < uint64(msg.ChunksPerRound) || pool.ChunksTotal >= 1<<32 {
		return pool, ErrPoolInvalid.Wrapf(
			"the dataset has %d chunks, a round takes %d", pool.ChunksTotal, msg.ChunksPerRound,
		)
	}
	pool.ChunkPrice = msg.Budget / (uint64(msg.Rounds) * uint64(msg.ChunksPerRound))
	if pool.ChunkPrice == 0 || msg.Budget > SupplyCap {
		return pool, ErrPoolBudgetInsufficient.Wrapf("%d uremes for %d rounds of %d chunks",
			msg.Budget, msg.Rounds, msg.ChunksPerRound)
	}
	return pool, nil
}

func checkHyperparameters(h Hyperparameters) error {
	switch {
	case !within(h.LocalSteps, 1, LimitLocalStepsMax):
		return ErrPoolInvalid.Wrapf("%d local steps, 1 to %d", h.LocalSteps, LimitLocalStepsMax)
	case len(h.LearningRates) == 0 || len(h.LearningRates) > learningRateMax:
		return ErrPoolInvalid.Wrapf(
			"%d learning rates, 1 to %d", len(h.LearningRates), learningRateMax,
		)
	case slices.Max(h.LearningRates) > rateMax:
		return ErrPoolInvalid.Wrapf(
			"learning rate %d, at most %d", slices.Max(h.LearningRates), rateMax,
		)
	case !within(h.Density, 1, 500):
		return ErrPoolInvalid.Wrapf("density %d, 1 to 500 thousandths", h.Density)
	case h.OuterMomentum > 255 || !within(h.OuterLearningRate, 1, 4095):
		return ErrPoolInvalid.Wrapf(
			"outer momentum %d or learning rate %d", h.OuterMomentum, h.OuterLearningRate,
		)
	}
	return nil
}

// ChunksOf is how many chunks a text of tokens holds (spec/chunk.md): all shards but the last are
// full, a record takes sequence tokens and needs one more behind it in its shard, a chunk takes
// local steps times batch records.
func ChunksOf(tokens uint64, program StepProgram, localSteps uint32) uint64 {
	recordsOf := func(shard uint64) uint64 {
		if shard == 0 {
			return 0
		}
		return (shard - 1) / uint64(program.Sequence)
	}
	full := tokens / LimitShardTokensMax
	records := full*recordsOf(LimitShardTokensMax) + recordsOf(tokens%LimitShardTokensMax)
	return records / (uint64(localSteps) * uint64(program.Batch))
}

// StartRound gives a waiting round its seed and its first deadline.
func StartRound(round Round, pool Pool, chain string, beacon Hash, height int64) Round {
	seed := RoundSeed(chain, beacon, pool.Id, uint64(round.Number))
	round.Seed = seed[:]
	round.Phase = ROUND_PHASE_TRAINING
	round.TrainingEndHeight = height + int64(pool.TrainingBlocks)
	return round
}

// Resting says that a window of training passed in which nobody committed: the next lease begins
// another.
func (r Round) Resting() bool {
	return r.Phase == ROUND_PHASE_TRAINING && r.TrainingEndHeight == 0
}

// StartReveals ends the training of a round.
func StartReveals(round Round, params RoundParams, height int64) Round {
	round.Phase = ROUND_PHASE_REVEAL
	round.RevealEndHeight = height + int64(params.RevealBlocks)
	round.LateRevealEndHeight = round.RevealEndHeight + int64(params.LateRevealBlocks)
	return round
}

// QueuePosition is the chunk of the dataset at a place of a round's queue.
func QueuePosition(round Round, chunksTotal uint64, position uint32) (uint64, error) {
	drawn, err := Draw(QueueSeed(Hash(round.Seed)), int(chunksTotal), int(position)+1)
	if err != nil {
		return 0, err
	}
	return uint64(drawn[position]), nil
}

// NothingLeased says that every chunk of a round was given and nobody holds one. What can still be
// committed waits in the queue for another lease.
func NothingLeased(round Round, pool Pool) bool {
	return round.NextPosition == pool.ChunksPerRound && round.Leased == 0
}
