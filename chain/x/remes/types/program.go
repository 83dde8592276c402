package types

// What the chain knows of a step program (spec/step-program.md): whose word the root of a tensor
// is follows from the tensor's number alone.

// Source is where the root of a tensor is taken from.
type Source int

// The sources, in the order of the numbers.
const (
	// SourceBackbone: a weight; its number is its place in the backbone.
	SourceBackbone Source = iota
	// SourceState: a tensor of the state before the step.
	SourceState
	// SourceBatch: the tokens, from the dataset at the leased records.
	SourceBatch
	// SourceConstant: the constants of the step, which the chain computes.
	SourceConstant
	// SourceTrace: an earlier operation.
	SourceTrace
)

// SourceOf says where the root of a tensor is taken from.
func (p StepProgram) SourceOf(tensor uint32) Source {
	tokens := p.Weights + p.StateTensors
	switch {
	case tensor < p.Weights:
		return SourceBackbone
	case tensor < tokens:
		return SourceState
	case tensor == tokens:
		return SourceBatch
	case tensor == tokens+1:
		return SourceConstant
	}
	return SourceTrace
}

// checkDisputable refuses a program that the chain could not judge a dispute about.
func checkDisputable(p StepProgram) error {
	switch {
	case p.Weights == 0 || p.Weights > LimitProgramTensorsMax:
		return ErrModelInvalid.Wrapf("%d weights", p.Weights)
	case p.StateTensors > LimitMultiproofLeavesMax: // one proof binds them all to a trace
		return ErrModelInvalid.Wrapf("%d state tensors", p.StateTensors)
	case p.StateTensors%p.statesPerFactor() != 0:
		return ErrModelInvalid.Wrapf(
			"%d state tensors, %d belong to a factor", p.StateTensors, p.statesPerFactor(),
		)
	case len(p.StateWriters) != int(p.StateTensors):
		return ErrModelInvalid.Wrapf(
			"%d writers for %d state tensors", len(p.StateWriters), p.StateTensors,
		)
	}
	written := map[uint32]bool{}
	for i, operation := range p.StateWriters {
		if operation >= p.Operations || written[operation] {
			return ErrModelInvalid.Wrapf(
				"state tensor %d is written by operation %d", i, operation,
			)
		}
		written[operation] = true
	}
	return nil
}

// Constants of a step (spec/arithmetic.md section 12).
const (
	biasOne      = 1 << 20
	rateMax      = 1 << 19
	stepBytes    = 32
	decayOfSteps = 0
)

// StepConstants are the storage bytes of the tensor of constants: seed, rate, decay and bias
// corrections, all from the chain's own records, never from a party.
func StepConstants(pool Pool, round Round, chunk uint64, step uint32) []byte {
	seed := StepSeed(ChunkSeed(Hash(round.Seed), chunk), step)
	rates := pool.Hyperparameters.LearningRates
	entry := uint64(round.Number-1)*uint64(pool.Hyperparameters.LocalSteps) + uint64(step) - 1
	e := encoder{bytes: make([]byte, 0, stepBytes)}
	e.bytes = append(e.bytes, seed[:8]...)
	e.u32(rates[min(entry, uint64(len(rates)-1))])
	e.u32(decayOfSteps)
	e.u32(biasOne - biasPower(58_982, 1<<16, step))
	e.u32(biasOne - biasPower(63, 1<<6, step))
	e.u64(0)
	return e.bytes
}

// biasPower is 2^20 · (numerator / denominator)^t, floored after each factor.
func biasPower(numerator, denominator uint64, t uint32) uint32 {
	power := uint64(biasOne)
	for i := uint32(0); i < t && power > 0; i++ {
		power = power * numerator / denominator
	}
	return uint32(power)
}
