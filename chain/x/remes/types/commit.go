package types

// Commitments of spec/encoding.md section 9. Each is published before what it hides. Addresses are
// those of owners, which outlive a change of operator.

// Address is an account address.
type Address = [AddressSize]byte

// Place is where work belongs: one chunk of one round of one pool on one chain.
type Place struct {
	Chain              string
	Pool, Round, Chunk uint64
}

func (e *encoder) place(p Place) {
	e.text(p.Chain)
	e.u64(p.Pool)
	e.u64(p.Round)
	e.u64(p.Chunk)
}

// SubmissionSecret is what a miner commits to.
type SubmissionSecret struct {
	StepsRoot, UpdateRoot Hash
	UpdateCID             []byte
	LossSum               int64
	Salt                  Hash
}

// SubmissionCommitment binds a miner to its work.
func SubmissionCommitment(place Place, miner Address, secret SubmissionSecret) Hash {
	var e encoder
	e.place(place)
	e.address(miner)
	e.hash(secret.StepsRoot)
	e.hash(secret.UpdateRoot)
	e.sized(secret.UpdateCID)
	e.i64(secret.LossSum)
	e.hash(secret.Salt)
	return tagged("remes/commitment/1", e.bytes)
}

// VerdictSecret is what a verifier commits to. Root and digest are absent if it cannot check, and
// present otherwise.
type VerdictSecret struct {
	Verdict      Verdict
	Root, Digest *Hash
	Salt         Hash
}

// VerdictCommitment binds a verifier to its verdict in one draw. It fails with ErrVerdictInvalid.
func VerdictCommitment(
	place Place, draw uint32, verifier Address, secret VerdictSecret,
) (Hash, error) {
	found := secret.Verdict == VERDICT_VALID || secret.Verdict.Accuses()
	if !found && secret.Verdict != VERDICT_CANNOT_CHECK {
		return Hash{}, ErrVerdictInvalid.Wrapf("verdict %d is unknown", secret.Verdict)
	}
	if (secret.Root != nil) != found || (secret.Digest != nil) != found {
		return Hash{}, ErrVerdictInvalid.Wrapf(
			"%s with or without a root and a digest", secret.Verdict,
		)
	}
	var e encoder
	e.place(place)
	e.u32(draw)
	e.address(verifier)
	e.u8(uint8(secret.Verdict))
	e.optionalHash(secret.Root)
	e.optionalHash(secret.Digest)
	e.hash(secret.Salt)
	return tagged("remes/verdict/1", e.bytes), nil
}

// OperationOutput is one operation of an execution digest.
type OperationOutput struct {
	Index uint32
	Root  Hash
}

// ExecutionDigest proves that a step was run: its operations are known only after the miner is
// bound.
func ExecutionDigest(
	audit Hash, step uint32, state, update Hash, operations []OperationOutput,
) Hash {
	var e encoder
	e.hash(audit)
	e.u32(step)
	e.hash(state)
	e.hash(update)
	e.u32(uint32(len(operations)))
	for _, operation := range operations {
		e.u32(operation.Index)
		e.hash(operation.Root)
	}
	return tagged("remes/execution/1", e.bytes)
}

// BeaconCommitmentHash binds a verifier to its contribution to an epoch.
func BeaconCommitmentHash(chain string, epoch uint64, verifier Address, secret Hash) Hash {
	var e encoder
	e.text(chain)
	e.u64(epoch)
	e.address(verifier)
	e.hash(secret)
	return tagged("remes/beacon-commitment/1", e.bytes)
}

// BeaconReveal is an opened contribution.
type BeaconReveal struct {
	Verifier Address
	Secret   Hash
}

// BeaconValue is the randomness of an epoch. The reveals ascend by address.
func BeaconValue(
	chain string, epoch uint64, previous, firstBlock Hash, reveals []BeaconReveal,
) (Hash, error) {
	var e encoder
	e.text(chain)
	e.u64(epoch)
	e.hash(previous)
	e.hash(firstBlock)
	e.u32(uint32(len(reveals)))
	for i, reveal := range reveals {
		if i > 0 && compareAddresses(reveals[i-1].Verifier, reveal.Verifier) >= 0 {
			return Hash{}, ErrListNotCanonical.Wrapf("reveal %d does not ascend", i)
		}
		e.address(reveal.Verifier)
		e.hash(reveal.Secret)
	}
	return tagged("remes/beacon-value/1", e.bytes), nil
}

// CheckCID refuses everything but a binary CIDv1 with a SHA-256 multihash over raw or dag-pb bytes.
func CheckCID(cid []byte) error {
	known := len(cid) == LimitCidBytes && cid[0] == 0x01 && (cid[1] == 0x55 || cid[1] == 0x70) &&
		cid[2] == 0x12 && cid[3] == HashSize
	if !known {
		return ErrCidInvalid.Wrapf("%x", cid)
	}
	return nil
}
