package keeper

import (
	"context"

	"cosmossdk.io/collections"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"r3mes.dev/chain/x/remes/types"
)

// SetOperator registers a participant, or gives it another operator key.
func (s msgServer) SetOperator(
	ctx context.Context, msg *types.MsgSetOperator,
) (*types.MsgSetOperatorResponse, error) {
	owner, err := s.address(msg.Owner)
	if err != nil {
		return nil, err
	}
	operator, err := s.address(msg.Operator)
	if err != nil {
		return nil, err
	}

	serves, err := loadOr(ctx, s.Operators, operator, nil)
	if err != nil {
		return nil, err
	}
	if serves != nil && !owner.Equals(sdk.AccAddress(serves)) {
		if !owner.Equals(operator) {
			return nil, types.ErrOperatorInUse.Wrap(msg.Operator)
		}
		if err := s.takeOperator(ctx, serves); err != nil { // nobody asked the key
			return nil, err
		}
	}
	participant, err := loadOr(ctx, s.Participants, owner, types.Participant{Owner: msg.Owner})
	if err != nil {
		return nil, err
	}

	if participant.Operator != "" {
		former, err := s.address(participant.Operator)
		if err != nil {
			return nil, err
		}
		if err := s.Operators.Remove(ctx, former); err != nil {
			return nil, err
		}
	}
	participant.Operator = msg.Operator
	if err := s.Participants.Set(ctx, owner, participant); err != nil {
		return nil, err
	}
	if err := s.Operators.Set(ctx, operator, owner); err != nil {
		return nil, err
	}

	return &types.MsgSetOperatorResponse{}, emit(
		ctx, &types.EventOperatorSet{Owner: msg.Owner, Operator: msg.Operator},
	)
}

// takeOperator leaves a participant without an operator: the key that it named is another's own.
func (k Keeper) takeOperator(ctx context.Context, owner sdk.AccAddress) error {
	participant, err := k.Participants.Get(ctx, owner)
	if err != nil {
		return err
	}
	participant.Operator = ""
	if err := k.Participants.Set(ctx, owner, participant); err != nil {
		return err
	}
	return emit(ctx, &types.EventOperatorSet{Owner: participant.Owner})
}

// Bond adds to the bond of a role. A verifier whose bond is large enough may be drawn by the
// beacons of the epochs that begin from then on.
func (s msgServer) Bond(ctx context.Context, msg *types.MsgBond) (*types.MsgBondResponse, error) {
	owner, err := s.address(msg.Owner)
	if err != nil {
		return nil, err
	}
	params, err := s.params(ctx)
	if err != nil {
		return nil, err
	}
	if _, err := load(ctx, s.Participants, owner, types.ErrParticipantNotFound); err != nil {
		return nil, err
	}
	bond, err := s.bondOf(ctx, owner, msg.Role)
	if err != nil {
		return nil, err
	}

	bond, err = types.AddBond(bond, msg.Amount, params.Bond)
	if err != nil {
		return nil, err
	}

	if err := s.requirePlace(ctx, owner, bond, params.Bond); err != nil {
		return nil, err
	}

	if err := s.takeFrom(ctx, owner, types.BondAccountName, msg.Amount); err != nil {
		return nil, err
	}
	if err := s.setBond(ctx, owner, bond); err != nil {
		return nil, err
	}
	return &types.MsgBondResponse{Bond: bond.Amount}, nil
}

// Unbond starts the return of free bond. Until it is paid it still answers for past work.
func (s msgServer) Unbond(
	ctx context.Context, msg *types.MsgUnbond,
) (*types.MsgUnbondResponse, error) {
	owner, err := s.address(msg.Owner)
	if err != nil {
		return nil, err
	}
	params, err := s.params(ctx)
	if err != nil {
		return nil, err
	}
	bond, err := s.bondOf(ctx, owner, msg.Role)
	if err != nil {
		return nil, err
	}
	open, err := keysOf(ctx, s.UnbondingsByOwner, ofRole(owner, msg.Role))
	if err != nil {
		return nil, err
	}
	if len(open) >= types.UnbondingsMax {
		return nil, types.ErrBondLocked.Wrapf("%d unbondings are under way already", len(open))
	}

	bond, err = types.RemoveBond(bond, msg.Amount, params.Bond)
	if err != nil {
		return nil, err
	}

	id, err := next(ctx, s.UnbondingID)
	if err != nil {
		return nil, err
	}
	unbonding := types.Unbonding{
		Id: id, Owner: msg.Owner, Role: msg.Role, Amount: msg.Amount,
		ReleaseHeight: height(ctx) + int64(params.Bond.UnbondingBlocks),
	}
	if err := s.setBond(ctx, owner, bond); err != nil {
		return nil, err
	}
	if err := s.UnbondingsByOwner.Set(
		ctx, collections.Join3(owner, int32(msg.Role), id),
	); err != nil {
		return nil, err
	}
	err = s.startUnbonding(ctx, unbonding)
	return &types.MsgUnbondResponse{UnbondingId: id, ReleaseHeight: unbonding.ReleaseHeight}, err
}

// payUnbonding returns bond whose time has come; what slashes have left of it.
func (k Keeper) payUnbonding(ctx context.Context, id uint64) error {
	unbonding, found, err := lookup(ctx, k.Unbondings, id)
	if err != nil || !found || height(ctx) < unbonding.ReleaseHeight { // a case holds it
		return err
	}
	owner, err := k.address(unbonding.Owner)
	if err != nil {
		return err
	}
	if err := k.Unbondings.Remove(ctx, id); err != nil {
		return err
	}
	if err := k.UnbondingsByOwner.Remove(
		ctx, collections.Join3(owner, int32(unbonding.Role), id),
	); err != nil {
		return err
	}
	if err := k.giveTo(ctx, types.BondAccountName, owner, unbonding.Amount); err != nil {
		return err
	}
	return emit(
		ctx,
		&types.EventUnbondingPaid{
			UnbondingId: id, Owner: unbonding.Owner, Amount: unbonding.Amount,
		},
	)
}

// holdUnbondings keeps what is on its way back to verifiers until the last block in which their word is at
// stake has passed: in a case that came out of a queue, of which many may follow one another, or in an
// inquiry.
func (k Keeper) holdUnbondings(ctx context.Context, verifiers []string, last int64) error {
	for _, verifier := range verifiers {
		owner, err := k.address(verifier)
		if err != nil {
			return err
		}
		unbondings, err := k.unbondingsOf(ctx, owner, types.ROLE_VERIFIER)
		if err != nil {
			return err
		}
		for _, unbonding := range unbondings {
			if unbonding.ReleaseHeight > last {
				continue
			}
			unbonding.ReleaseHeight = last + 1
			if err := k.startUnbonding(ctx, unbonding); err != nil {
				return err
			}
		}
	}
	return nil
}

// startUnbonding stores bond that is on its way back, sees to it that it is paid, and announces when.
func (k Keeper) startUnbonding(ctx context.Context, unbonding types.Unbonding) error {
	if err := k.Unbondings.Set(ctx, unbonding.Id, unbonding); err != nil {
		return err
	}
	if err := k.schedule(
		ctx, unbonding.ReleaseHeight, types.DUE_KIND_UNBONDING, unbonding.Id,
	); err != nil {
		return err
	}
	return emit(ctx, &types.EventUnbondingStarted{
		UnbondingId: unbonding.Id, Owner: unbonding.Owner, Role: unbonding.Role,
		Amount: unbonding.Amount, ReleaseHeight: unbonding.ReleaseHeight,
	})
}

func ofRole(owner sdk.AccAddress, role types.Role) collections.Ranger[unbondingKey] {
	return collections.NewSuperPrefixedTripleRange[sdk.AccAddress, int32, uint64](
		owner, int32(role),
	)
}

// bondOf is a participant's bond in a role; an empty one if there was none.
func (k Keeper) bondOf(
	ctx context.Context, owner sdk.AccAddress, role types.Role,
) (types.Bond, error) {
	text, err := k.text(owner)
	if err != nil {
		return types.Bond{}, err
	}
	return loadOr(
		ctx, k.Bonds, collections.Join(owner, int32(role)), types.Bond{Owner: text, Role: role},
	)
}

// setBond stores a bond, keeps the set of active verifiers and the sum of their bonds, and
// announces the change. A bond of nothing is deleted.
func (k Keeper) setBond(ctx context.Context, owner sdk.AccAddress, bond types.Bond) error {
	before, err := k.bondOf(ctx, owner, bond.Role)
	if err != nil {
		return err
	}
	key := collections.Join(owner, int32(bond.Role))
	if bond.Amount == 0 && bond.Locked == 0 {
		err = k.Bonds.Remove(ctx, key)
	} else {
		err = k.Bonds.Set(ctx, key, bond)
	}
	if err != nil {
		return err
	}
	if bond.Role == types.ROLE_VERIFIER {
		params, err := k.params(ctx)
		if err != nil {
			return err
		}
		if err := k.setVerifier(ctx, owner, before.Amount, bond.Amount, params.Bond); err != nil {
			return err
		}
		if err := k.indexVerifier(ctx, owner, before.Amount, bond.Amount); err != nil {
			return err
		}
	}
	return emit(ctx, &types.EventBondChanged{
		Owner: bond.Owner, Role: bond.Role, Amount: bond.Amount, Locked: bond.Locked,
	})
}

// requirePlace refuses a bond that would make its owner an active verifier where all places are
// taken.
func (k Keeper) requirePlace(
	ctx context.Context, owner sdk.AccAddress, bond types.Bond, params types.BondParams,
) error {
	if bond.Role != types.ROLE_VERIFIER {
		return nil
	}
	active, err := k.Verifiers.Has(ctx, owner)
	if err != nil || active {
		return err
	}
	everybody, err := keysOf(ctx, k.Verifiers, nil)
	if err == nil && len(everybody) >= int(params.VerifiersMax) {
		err = types.ErrRoleInvalid.Wrapf(
			"all %d places of verifiers are taken", params.VerifiersMax,
		)
	}
	return err
}

// setVerifier keeps the set of active verifiers, and the sum of their bonds, as one bond changes or
// what is asked of it.
func (k Keeper) setVerifier(
	ctx context.Context, owner sdk.AccAddress, before, after uint64, params types.BondParams,
) error {
	wasActive, err := k.Verifiers.Has(ctx, owner)
	if err != nil {
		return err
	}
	sum, err := k.verifierBond(ctx)
	if err != nil {
		return err
	}
	active := after >= params.Verifier
	if active && !wasActive {
		if err := k.Verifiers.Set(ctx, owner); err != nil {
			return err
		}
	}
	if !active && wasActive {
		if err := k.Verifiers.Remove(ctx, owner); err != nil {
			return err
		}
	}
	if wasActive {
		sum -= before
	}
	if active {
		sum += after
	}
	return k.VerifierBond.Set(ctx, sum)
}

// indexVerifier keeps a verifier's bond where it is found by its amount.
func (k Keeper) indexVerifier(
	ctx context.Context, owner sdk.AccAddress, before, after uint64,
) error {
	if before == after {
		return nil
	}
	if err := k.VerifiersByBond.Remove(ctx, collections.Join(before, owner)); err != nil {
		return err
	}
	if after == 0 {
		return nil
	}
	return k.VerifiersByBond.Set(ctx, collections.Join(after, owner))
}

// verifiersWith are the owners of verifiers' bonds of at least an amount, but no more than a limit.
func (k Keeper) verifiersWith(
	ctx context.Context, amount uint64, limit int,
) ([]sdk.AccAddress, error) {
	iterator, err := k.VerifiersByBond.Iterate(ctx, new(collections.Range[amountKey]).
		StartInclusive(collections.PairPrefix[uint64, sdk.AccAddress](amount)))
	if err != nil {
		return nil, err
	}
	defer iterator.Close()
	var owners []sdk.AccAddress
	for ; iterator.Valid() && len(owners) < limit; iterator.Next() {
		key, err := iterator.Key()
		if err != nil {
			return nil, err
		}
		owners = append(owners, key.K2())
	}
	return owners, nil
}

// reviewVerifiers holds verifiers against the bond that is asked for from this block on: those that
// are active, and those that reach it, who are no more than the places. Between the decision and
// this block nobody joins, since governance speaks behind all messages of its block.
func (k Keeper) reviewVerifiers(ctx context.Context, params types.BondParams) error {
	active, err := keysOf(ctx, k.Verifiers, nil)
	if err != nil {
		return err
	}
	reaching, err := k.verifiersWith(ctx, params.Verifier, int(params.VerifiersMax))
	if err != nil {
		return err
	}
	for _, owner := range append(active, reaching...) {
		bond, err := k.bondOf(ctx, owner, types.ROLE_VERIFIER)
		if err != nil {
			return err
		}
		if err := k.setVerifier(ctx, owner, bond.Amount, bond.Amount, params); err != nil {
			return err
		}
	}
	return nil
}

// verifierBond is the sum of the active verifiers' bonds.
func (k Keeper) verifierBond(ctx context.Context) (uint64, error) {
	return itemOr(ctx, k.VerifierBond, 0)
}

// participantOf is the participant that an operator key works for.
func (k Keeper) participantOf(
	ctx context.Context, operator string,
) (sdk.AccAddress, types.Participant, error) {
	key, err := k.address(operator)
	if err != nil {
		return nil, types.Participant{}, err
	}
	owner, err := load(ctx, k.Operators, key, types.ErrParticipantNotFound)
	if err != nil {
		return nil, types.Participant{}, err
	}
	participant, err := load(
		ctx, k.Participants, sdk.AccAddress(owner), types.ErrParticipantNotFound,
	)
	return owner, participant, err
}

// activeVerifier is the active verifier that an operator key works for, with its bond.
func (k Keeper) activeVerifier(
	ctx context.Context, operator string,
) (sdk.AccAddress, types.Bond, error) {
	owner, _, err := k.participantOf(ctx, operator)
	if err != nil {
		return nil, types.Bond{}, err
	}
	active, err := k.Verifiers.Has(ctx, owner)
	if err != nil {
		return nil, types.Bond{}, err
	}
	if !active {
		return nil, types.Bond{}, types.ErrRoleInvalid.Wrapf("%s is no active verifier", operator)
	}
	bond, err := k.bondOf(ctx, owner, types.ROLE_VERIFIER)
	return owner, bond, err
}
