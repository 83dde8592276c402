package types

// NewEpoch is an epoch that begins at a height.
func NewEpoch(number uint64, start int64, params BeaconParams) Epoch {
	return Epoch{
		Number:          number,
		StartHeight:     start,
		RevealEndHeight: start + int64(params.RevealBlocks),
		EndHeight:       start + int64(params.EpochBlocks) - 1,
	}
}

// RevealBeacon opens a contribution to the current epoch, after its first block and before its
// reveals end.
func RevealBeacon(
	commitment BeaconCommitment, current Epoch, chain string, verifier Address, secret Hash,
	height int64,
) (BeaconCommitment, error) {
	switch {
	case commitment.Epoch != current.Number || height <= current.StartHeight ||
		height > current.RevealEndHeight:
		return commitment, ErrBeaconEpochWrong.Wrapf(
			"epoch %d is open for reveals from height %d to %d", current.Number,
			current.StartHeight+1, current.RevealEndHeight)
	case len(commitment.Secret) > 0:
		return commitment, ErrBeaconCommitmentExists.Wrapf(
			"epoch %d is revealed already", commitment.Epoch,
		)
	case BeaconCommitmentHash(chain, commitment.Epoch, verifier, secret) != Hash(commitment.Commitment):
		return commitment, ErrBeaconMismatch.Wrapf("epoch %d", commitment.Epoch)
	}
	commitment.Secret = secret[:]
	return commitment, nil
}

// FinishEpoch makes the value of an epoch final from the reveals, which ascend by address.
func FinishEpoch(
	epoch, previous Epoch, chain string, reveals []BeaconReveal, committed uint32,
	params BeaconParams,
) (Epoch, error) {
	var before, first Hash
	copy(before[:], previous.Value)
	copy(first[:], epoch.FirstBlockHash)
	value, err := BeaconValue(chain, epoch.Number, before, first, reveals)
	if err != nil {
		return epoch, err
	}
	epoch.Value = value[:]
	epoch.Reveals = uint32(len(reveals))
	epoch.Missed = committed - epoch.Reveals
	epoch.Weak = epoch.Reveals < params.RevealsMin
	return epoch, nil
}
