package types

// WeightedWork is what a chunk counts in the emission: the work of its steps, which the step
// program determines, times the pool's weight.
func WeightedWork(program StepProgram, pool Pool) uint64 {
	return PartOf(program.Work*uint64(pool.Hyperparameters.LocalSteps), pool.EmissionWeightPpm)
}

// AddWork counts accepted work in its epoch, and says how much of it counts: none beyond what 64
// bits hold.
func AddWork(epoch RewardEpoch, work uint64, audits uint32) (RewardEpoch, uint64) {
	if epoch.Work+work < epoch.Work {
		work = 0
	}
	epoch.Work += work
	epoch.OpenWork += work
	if work > 0 { // audits of work that mints nothing earn nothing here; the pool pays them
		epoch.Audits += audits
		epoch.OpenAudits += audits
	}
	return epoch, work
}

// AdvanceYear takes the budget of an epoch out of that of its year. The next year begins when too little
// is left: so a year gives what it has, however often the number of its epochs is changed.
func AdvanceYear(totals Totals, params RewardParams) Totals {
	if totals.Year == 0 && totals.YearBudget == 0 {
		totals.YearBudget = params.FirstYear
	}
	if totals.YearOffered+params.epochBudget(totals) > totals.YearBudget {
		totals.YearBudget = PartOf(totals.YearBudget, params.DecayPpm)
		totals.Year, totals.YearOffered = totals.Year+1, 0
	}
	totals.YearOffered += params.epochBudget(totals)
	return totals
}

// epochBudget is the part of a year's budget that belongs to each of its epochs.
func (p RewardParams) epochBudget(totals Totals) uint64 {
	return totals.YearBudget / uint64(p.EpochsPerYear)
}

// CloseRewardEpoch mints for the verified work of an epoch: the whole budget at the target or
// above, proportionally less below, nothing without work, and never more than supply and emission
// have room for. It returns the part of the validators apart.
func CloseRewardEpoch(
	epoch RewardEpoch, totals Totals, supply uint64, params RewardParams,
) (RewardEpoch, uint64, error) {
	room := min(EmissionCap-min(EmissionCap, totals.Minted), SupplyCap-min(SupplyCap, supply))
	budget := min(params.epochBudget(totals), room)
	minted, err := MulDivFloor(budget, min(epoch.Work, params.TargetWork), params.TargetWork)
	if err != nil {
		return epoch, 0, err
	}
	parts := rewardParts(minted, params)
	if epoch.Audits == 0 { // nobody to pay it to
		minted -= parts.verifiers
		parts.verifiers = 0
	}
	epoch.Minted, epoch.Closed = minted, true
	epoch.Miners, epoch.Verifiers, epoch.DataProviders = parts.miners, parts.verifiers, parts.dataProviders
	return epoch, parts.validators, nil
}

type parts struct{ miners, verifiers, validators, dataProviders uint64 }

func rewardParts(amount uint64, params RewardParams) parts {
	miners := Million - params.VerifierPpm - params.ValidatorPpm - params.DataProviderPpm
	split := SplitAmount(
		amount, miners, params.VerifierPpm, params.ValidatorPpm, params.DataProviderPpm,
	)
	return parts{split[0], split[1], split[2], split[3]}
}

// Payment is what a mature submission pays.
type Payment struct {
	Miner, DataProvider, Validators uint64
	// Verifiers are in the order of the seats.
	Verifiers []uint64
}

// PayFromEpoch takes a submission's part out of its epoch. What is left is always divided by the
// work that is left, so the last submission takes the last unit.
func PayFromEpoch(epoch RewardEpoch, work uint64, seats int) (RewardEpoch, Payment, error) {
	payment := Payment{Verifiers: make([]uint64, seats)}
	if work == 0 {
		return epoch, payment, nil
	}
	var err error
	if payment.Miner, err = MulDivFloor(epoch.Miners, work, epoch.OpenWork); err != nil {
		return epoch, payment, err
	}
	if payment.DataProvider, err = MulDivFloor(
		epoch.DataProviders, work, epoch.OpenWork,
	); err != nil {
		return epoch, payment, err
	}
	epoch.OpenWork -= work
	epoch.Miners -= payment.Miner
	epoch.DataProviders -= payment.DataProvider
	for i := range payment.Verifiers {
		payment.Verifiers[i] = epoch.Verifiers / uint64(epoch.OpenAudits)
		epoch.Verifiers -= payment.Verifiers[i]
		epoch.OpenAudits--
	}
	return epoch, payment, nil
}

// ForfeitFromEpoch takes a submission's part out of its epoch for good. It returns what was minted
// for it already and must be burned.
func ForfeitFromEpoch(epoch RewardEpoch, work uint64, seats int) (RewardEpoch, uint64, error) {
	if work == 0 {
		return epoch, 0, nil
	}
	if epoch.Closed {
		epoch, payment, err := PayFromEpoch(epoch, work, seats)
		return epoch, payment.Total(), err
	}
	epoch.Work -= work
	epoch.OpenWork -= work
	epoch.Audits -= uint32(seats)
	epoch.OpenAudits -= uint32(seats)
	return epoch, 0, nil
}

// PayFromPool divides the price that a pool pays for a chunk. What does not divide evenly among the
// verifiers goes to the first of them.
func PayFromPool(price uint64, seats int, params RewardParams) Payment {
	parts := rewardParts(price, params)
	payment := Payment{
		Miner: parts.miners, DataProvider: parts.dataProviders, Validators: parts.validators,
		Verifiers: make([]uint64, seats),
	}
	if seats == 0 {
		payment.Miner += parts.verifiers
		return payment
	}
	each := parts.verifiers / uint64(seats)
	for i := range payment.Verifiers {
		payment.Verifiers[i] = each
	}
	payment.Verifiers[0] += parts.verifiers - each*uint64(seats)
	return payment
}

// Total is everything that a payment pays.
func (p Payment) Total() uint64 {
	total := p.Miner + p.DataProvider + p.Validators
	for _, amount := range p.Verifiers {
		total += amount
	}
	return total
}
