package keeper

import (
	"context"

	"cosmossdk.io/collections"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"r3mes.dev/chain/x/remes/types"
)

// slashing is one fault to be fined.
type slashing struct {
	fault   types.Fault
	subject uint64
	owner   sdk.AccAddress
	role    types.Role
	// base is what the rate of the fault refers to, in uremes: what is left of a miner's slot. A
	// verifier answers with all that it has.
	base uint64
	// unlock is released from the bond's lock together with the slash, in uremes.
	unlock uint64
	// challenger is paid its part; nobody if empty.
	challenger sdk.AccAddress
	// caseID is the case that proved the fault; 0 if none was needed.
	caseID uint64
}

// slash fines a fault once: a second call for the same offender, fault and subject does nothing. It
// takes at most what is bonded or on its way back.
func (k Keeper) slash(ctx context.Context, params types.Params, s slashing) error {
	key := collections.Join3(s.owner, int32(s.fault), s.subject)
	fined, err := k.Offences.Has(ctx, key)
	if err != nil || fined {
		return err
	}
	bond, err := k.bondOf(ctx, s.owner, s.role)
	if err != nil {
		return err
	}
	unbondings, err := k.unbondingsOf(ctx, s.owner, s.role)
	if err != nil {
		return err
	}

	base := s.base
	if s.role == types.ROLE_VERIFIER {
		base = types.Answering(bond, unbondings)
	}
	due := types.PartOf(base, params.Slash.Rate(s.fault))
	bond, unbondings, taken := types.TakeBond(types.UnlockSlot(bond, s.unlock), unbondings, due)
	parts := types.SplitSlash(taken, params.Slash, !s.challenger.Empty())

	if err := k.setBond(ctx, s.owner, bond); err != nil {
		return err
	}
	for _, unbonding := range unbondings {
		if err := k.Unbondings.Set(ctx, unbonding.Id, unbonding); err != nil {
			return err
		}
	}
	if err := k.distributeSlash(ctx, types.BondAccountName, parts, s.challenger); err != nil {
		return err
	}
	return k.recordOffence(ctx, s.owner, types.Offence{
		Fault: s.fault, Subject: s.subject, Offender: bond.Owner, Taken: taken,
		Burned: parts.Burned, Awarded: parts.Awarded, Insured: parts.Insured, CaseId: s.caseID,
	})
}

// recordOffence keeps a fine in the file and announces it.
func (k Keeper) recordOffence(
	ctx context.Context, offender sdk.AccAddress, offence types.Offence,
) error {
	offence.Height = height(ctx)
	key := collections.Join3(offender, int32(offence.Fault), offence.Subject)
	if err := k.Offences.Set(ctx, key, offence); err != nil {
		return err
	}
	return emit(ctx, &types.EventSlashed{
		Fault: offence.Fault, Subject: offence.Subject, Offender: offence.Offender,
		Taken: offence.Taken, Burned: offence.Burned, Awarded: offence.Awarded,
		Insured: offence.Insured, CaseId: offence.CaseId,
	})
}

func (k Keeper) distributeSlash(
	ctx context.Context, from string, parts types.SlashParts, challenger sdk.AccAddress,
) error {
	if err := k.burn(ctx, from, parts.Burned); err != nil {
		return err
	}
	if err := k.move(ctx, from, types.InsuranceAccountName, parts.Insured); err != nil {
		return err
	}
	return k.giveTo(ctx, from, challenger, parts.Awarded)
}

func (k Keeper) unbondingsOf(
	ctx context.Context, owner sdk.AccAddress, role types.Role,
) ([]types.Unbonding, error) {
	keys, err := keysOf(ctx, k.UnbondingsByOwner, ofRole(owner, role))
	if err != nil {
		return nil, err
	}
	unbondings := make([]types.Unbonding, len(keys))
	for i, key := range keys {
		if unbondings[i], err = k.Unbondings.Get(ctx, key.K3()); err != nil {
			return nil, err
		}
	}
	return unbondings, nil
}
