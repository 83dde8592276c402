package types

// UnbondingsMax bounds what slashing one bond has to look at.
const UnbondingsMax = 8

// BondMin is the smallest bond of a role, in uremes.
func (p BondParams) BondMin(role Role) (uint64, error) {
	switch role {
	case ROLE_MINER:
		return p.MinerSlot, nil
	case ROLE_VERIFIER:
		return p.Verifier, nil
	case ROLE_STORAGE_PROVIDER:
		return p.StorageProvider, nil
	case ROLE_INFERENCE_PROVIDER:
		return p.InferenceProvider, nil
	}
	return 0, ErrRoleInvalid.Wrapf("role %d", role)
}

// AddBond adds to a bond. The whole must reach the minimum of its role.
func AddBond(bond Bond, amount uint64, params BondParams) (Bond, error) {
	minimum, err := params.BondMin(bond.Role)
	if err != nil {
		return bond, err
	}
	if amount == 0 {
		return bond, ErrAmountInvalid.Wrap("nothing to bond")
	}
	sum, err := AddAmount(bond.Amount, amount)
	if err != nil {
		return bond, err
	}
	if sum < minimum {
		return bond, ErrBondTooSmall.Wrapf("%d uremes, at least %d", sum, minimum)
	}
	bond.Amount = sum
	return bond, nil
}

// Free is the part of a bond that no open work holds.
func (b Bond) Free() uint64 { return b.Amount - min(b.Locked, b.Amount) }

// RemoveBond takes free bond out. What stays is nothing or at least the minimum of the role.
func RemoveBond(bond Bond, amount uint64, params BondParams) (Bond, error) {
	minimum, err := params.BondMin(bond.Role)
	if err != nil {
		return bond, err
	}
	switch {
	case amount == 0:
		return bond, ErrAmountInvalid.Wrap("nothing to unbond")
	case amount > bond.Amount:
		return bond, ErrBondInsufficient.Wrapf("%d uremes are bonded", bond.Amount)
	case amount > bond.Free():
		return bond, ErrBondLocked.Wrapf(
			"%d of %d uremes are held by open work", bond.Locked, bond.Amount,
		)
	}
	bond.Amount -= amount
	if bond.Amount != 0 && bond.Amount < minimum {
		return bond, ErrBondTooSmall.Wrapf(
			"%d uremes would stay, at least %d or nothing", bond.Amount, minimum,
		)
	}
	return bond, nil
}

// LockSlot holds one slot of a miner's bond for a lease.
func LockSlot(bond Bond, slot uint64) (Bond, error) {
	if bond.Free() < slot {
		return bond, ErrLeaseLimitReached.Wrapf(
			"%d of %d uremes are held by open work, a slot takes %d", bond.Locked, bond.Amount,
			slot)
	}
	bond.Locked += slot
	return bond, nil
}

// UnlockSlot releases what a lease or a submission held.
func UnlockSlot(bond Bond, slot uint64) Bond {
	bond.Locked -= min(bond.Locked, slot)
	return bond
}

// TakeBond takes up to an amount, first from the bond, then from what is on its way back, the
// oldest first. It returns what was taken in all.
func TakeBond(bond Bond, unbondings []Unbonding, amount uint64) (Bond, []Unbonding, uint64) {
	fromBond := min(bond.Amount, amount)
	bond.Amount -= fromBond
	taken := fromBond
	left := append([]Unbonding(nil), unbondings...)
	for i := range left {
		part := min(left[i].Amount, amount-taken)
		left[i].Amount -= part
		taken += part
	}
	return bond, left, taken
}

// Answering is what answers for past work: the bond, and what of it is on its way back.
func Answering(bond Bond, unbondings []Unbonding) uint64 {
	sum := bond.Amount
	for _, unbonding := range unbondings {
		sum += unbonding.Amount
	}
	return sum
}

// SlashParts is where a slash goes.
type SlashParts struct{ Burned, Awarded, Insured uint64 }

// SplitSlash divides what a proven fault takes. Without a challenger its part goes to the insurance
// pool.
func SplitSlash(taken uint64, params SlashParams, challenged bool) SlashParts {
	rest := Million - params.BurnedPpm - params.ChallengerPpm
	parts := SplitAmount(taken, params.BurnedPpm, params.ChallengerPpm, rest)
	if !challenged {
		return SlashParts{Burned: parts[0], Insured: parts[1] + parts[2]}
	}
	return SlashParts{Burned: parts[0], Awarded: parts[1], Insured: parts[2]}
}

// Rate is what a fault costs, in ppm of the bond that answers for it.
func (p SlashParams) Rate(fault Fault) uint32 {
	switch fault {
	case FAULT_LATE_REVEAL:
		return p.LateRevealPpm
	case FAULT_NO_REVEAL, FAULT_NO_OPENING:
		return p.NoRevealPpm
	case FAULT_WRONG_STEP:
		return p.WrongStepPpm
	case FAULT_MISSED_AUDIT:
		return p.MissedAuditPpm
	case FAULT_WRONG_VERDICT, FAULT_WRONG_SUM:
		return p.WrongVerdictPpm
	case FAULT_MISSED_BEACON:
		return p.MissedBeaconPpm
	}
	return 0
}
