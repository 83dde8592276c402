package types

// EstimateChunk says what an accepted chunk of a pool would pay its miner if the current reward
// epoch ended with it. Whoever else trains in the meantime changes it only once the epoch's work
// exceeds the target.
func EstimateChunk(
	pool Pool, program StepProgram, epoch RewardEpoch, totals Totals, supply uint64, params Params,
) (*QueryEstimateResponse, error) {
	weighted := WeightedWork(program, pool)
	audits := params.Round.VerifiersPerSubmission
	epoch, counted := AddWork(epoch, weighted, audits)
	totals = AdvanceYear(totals, params.Reward)
	closed, _, err := CloseRewardEpoch(epoch, totals, supply, params.Reward)
	if err != nil {
		return nil, err
	}
	var minted uint64
	if counted > 0 {
		if minted, err = MulDivFloor(closed.Miners, counted, epoch.Work); err != nil {
			return nil, err
		}
	}
	price := PayFromPool(pool.ChunkPrice, int(audits), params.Reward).Miner
	return &QueryEstimateResponse{
		ChunkWork:    program.Work * uint64(pool.Hyperparameters.LocalSteps),
		WeightedWork: weighted, EpochWork: epoch.Work, TargetWork: params.Reward.TargetWork,
		EpochMinted: closed.Minted, EpochMiners: closed.Miners, MinerMinted: minted,
		Price: pool.ChunkPrice, MinerPrice: price, MinerTotal: minted + price,
	}, nil
}
