package types

import "strings"

const (
	nameBytesMax    = 64
	textBytesMax    = 256
	programsMax     = 16
	learningRateMax = 4096
	roundsMax       = 100_000
)

// CheckName refuses a name that is not 1 to 64 characters of a-z, 0-9, '.' and '-', beginning with
// a letter or digit.
func CheckName(name string) bool {
	for _, c := range name {
		if !(c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '.' || c == '-') {
			return false
		}
	}
	return name != "" && len(name) <= nameBytesMax && !strings.ContainsAny(name[:1], ".-")
}

// CheckModel refuses a record that no pool could be trained with.
func CheckModel(m Model) error {
	switch {
	case !CheckName(m.Name):
		return ErrModelInvalid.Wrapf("name %q", m.Name)
	case !CheckName(m.Architecture):
		return ErrModelInvalid.Wrapf("architecture %q", m.Architecture)
	case CheckCID(m.ManifestCid) != nil || CheckCID(m.InitialAdapterCid) != nil:
		return ErrModelInvalid.Wrap("manifest_cid or initial_adapter_cid is no CID")
	case !allHashes(m.BackboneRoot, m.TokenizerHash, m.InitialAdapterRoot, m.RefereeId):
		return ErrModelInvalid.Wrap("a root or hash is not 32 bytes long")
	case len(m.Targets) == 0 || len(m.Targets) > textBytesMax || len(m.Licence) == 0 ||
		len(m.Licence) > textBytesMax:
		return ErrModelInvalid.Wrapf("targets and licence take 1 to %d bytes", textBytesMax)
	case len(m.Programs) == 0 || len(m.Programs) > programsMax:
		return ErrModelInvalid.Wrapf(
			"%d step programs, 1 to %d are allowed", len(m.Programs), programsMax,
		)
	}
	for i, program := range m.Programs {
		for _, err := range []error{checkProgram(program), checkDisputable(program)} {
			if err != nil {
				return ErrModelInvalid.Wrapf("step program %d: %s", i, err)
			}
		}
	}
	return nil
}

func checkProgram(p StepProgram) error {
	switch {
	case !allHashes(p.Root):
		return ErrHashLengthInvalid.Wrap("root")
	case !within(p.Operations, 1, LimitProgramOperationsMax) ||
		!within(p.StateTensors, 1, LimitProgramTensorsMax):
		return ErrModelInvalid.Wrap("number of operations or state tensors")
	case !within(p.Rank, 1, LimitLoraRankMax):
		return ErrModelInvalid.Wrapf("rank %d, at most %d", p.Rank, LimitLoraRankMax)
	case !within(p.Batch, 1, LimitBatchSequencesMax) ||
		!within(p.Sequence, 1, LimitSequenceTokensMax):
		return ErrModelInvalid.Wrapf("batch %d of sequence %d", p.Batch, p.Sequence)
	case p.Optimizer != OPTIMIZER_ADAM && p.Optimizer != OPTIMIZER_LION:
		return ErrModelInvalid.Wrapf("optimizer %d", p.Optimizer)
	case p.Work == 0 || p.Work > workPerStepMax:
		return ErrModelInvalid.Wrapf("work %d, 1 to %d", p.Work, uint64(workPerStepMax))
	}
	return nil
}

// workPerStepMax leaves room to sum the work of an epoch in 64 bits.
const workPerStepMax = 1 << 50

// CheckDataset refuses a record that no pool could use.
func CheckDataset(d Dataset) error {
	switch {
	case !CheckName(d.Name):
		return ErrDatasetInvalid.Wrapf("name %q", d.Name)
	case CheckCID(d.ManifestCid) != nil:
		return ErrDatasetInvalid.Wrap("manifest_cid is no CID")
	case !allHashes(d.Root, d.TokenizerHash):
		return ErrDatasetInvalid.Wrap("root or tokenizer_hash is not 32 bytes long")
	case d.Tokens < 2 || d.Tokens > 1<<48:
		return ErrDatasetInvalid.Wrapf("%d tokens", d.Tokens)
	case uint64(d.Shards)*LimitShardTokensMax < d.Tokens:
		return ErrDatasetInvalid.Wrapf("%d shards cannot hold %d tokens", d.Shards, d.Tokens)
	case len(d.Licence) == 0 || len(d.Licence) > textBytesMax:
		return ErrDatasetInvalid.Wrapf("a licence takes 1 to %d bytes", textBytesMax)
	}
	return nil
}

// NextStatus is the status that governance may give to something registered: approved or retired,
// never back to proposed.
func NextStatus(now, wanted Status) (Status, error) {
	if wanted != STATUS_APPROVED && wanted != STATUS_RETIRED {
		return now, ErrMessageInvalid.Wrapf("status %s cannot be set", wanted)
	}
	if wanted == now {
		return now, ErrMessageInvalid.Wrapf("the status is %s already", now)
	}
	return wanted, nil
}

func allHashes(list ...[]byte) bool {
	for _, bytes := range list {
		if len(bytes) != HashSize {
			return false
		}
	}
	return true
}

func within(value, low, high uint32) bool { return value >= low && value <= high }
