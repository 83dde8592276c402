package keeper

import (
	"context"

	"cosmossdk.io/collections"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"r3mes.dev/chain/x/remes/types"
)

// epochsKept are the epochs that draws may still refer to; older ones live on in events.
const epochsKept = 64

// Beacon is a source of public randomness. Whoever needs a value asks for one that was fixed after
// a height, so nobody can have known it when they were bound.
type Beacon interface {
	// After is the first final epoch that began after a height; not found if there is none yet.
	After(ctx context.Context, height int64) (epoch types.Epoch, found bool, err error)
}

// commitReveal is the beacon that bonded verifiers make.
type commitReveal struct {
	epochs collections.Map[uint64, types.Epoch]
}

// After walks back over at most the epochs that are kept.
func (b commitReveal) After(
	ctx context.Context, height int64,
) (found types.Epoch, ok bool, err error) {
	iterator, err := b.epochs.Iterate(ctx, new(collections.Range[uint64]).Descending())
	if err != nil {
		return types.Epoch{}, false, err
	}
	defer iterator.Close()
	for ; iterator.Valid(); iterator.Next() {
		epoch, err := iterator.Value()
		if err != nil {
			return types.Epoch{}, false, err
		}
		if epoch.StartHeight <= height {
			break
		}
		if len(epoch.Value) > 0 {
			found, ok = epoch, true
		}
	}
	return found, ok, nil
}

// beaconDue is the height at which a beacon that began after a height is final at the latest. What
// waits for it is woken earlier, when it is (awaited).
func (k Keeper) beaconDue(ctx context.Context, params types.Params, after int64) (int64, error) {
	current, err := k.currentEpoch(ctx)
	if err != nil {
		return 0, err
	}
	if current.StartHeight > after && len(current.Value) == 0 {
		return max(current.RevealEndHeight, height(ctx)+1), nil
	}
	return max(current.EndHeight+1+int64(params.Beacon.RevealBlocks), height(ctx)+1), nil
}

// awaited are items that wait for the last height of the current epoch's reveals, though its value
// is final already.
func (k Keeper) awaited(ctx context.Context, limit int) ([]dueKey, error) {
	epoch, err := k.currentEpoch(ctx)
	if err != nil || len(epoch.Value) == 0 || epoch.RevealEndHeight <= height(ctx) {
		return nil, err
	}
	var keys []dueKey
	for _, kind := range []types.DueKind{types.DUE_KIND_ROUND_START, types.DUE_KIND_DRAW} {
		more, err := k.dueKeys(ctx, collections.NewSuperPrefixedTripleRange[int64, int32, uint64](
			epoch.RevealEndHeight, int32(kind)), limit-len(keys))
		if err != nil {
			return nil, err
		}
		keys = append(keys, more...)
	}
	return keys, nil
}

// currentEpoch is the epoch of the block that is being made.
func (k Keeper) currentEpoch(ctx context.Context) (types.Epoch, error) {
	number, err := newestKey(ctx, k.NewestEpoch, "the epochs")
	if err != nil {
		return types.Epoch{}, err
	}
	return k.Epochs.Get(ctx, number)
}

// BeginBlock brings in parameters that hold from this block on, and begins an epoch where one is
// due. It comes before any transaction of the block, so that no commitment can be made with
// knowledge of the block whose hash the epoch will use.
func (k Keeper) BeginBlock(ctx context.Context) error {
	scheduled, err := k.ParamsAt(ctx, height(ctx))
	if err != nil {
		return err
	}
	if scheduled.ActivationHeight == height(ctx) {
		if err := k.reviewVerifiers(ctx, scheduled.Params.Bond); err != nil {
			return err
		}
	}
	current, err := k.currentEpoch(ctx)
	if err != nil || height(ctx) <= current.EndHeight {
		return err
	}
	return k.beginEpoch(ctx, current.Number+1, scheduled.Params.Beacon)
}

func (k Keeper) beginEpoch(
	ctx context.Context, number uint64, params types.BeaconParams,
) error {
	epoch := types.NewEpoch(number, height(ctx), params)
	epoch.FirstBlockHash = sdk.UnwrapSDKContext(ctx).HeaderHash()
	if err := grow(ctx, k.Epochs, k.NewestEpoch, epoch.Number, epoch); err != nil {
		return err
	}
	if err := k.fixVerifiers(ctx, number); err != nil {
		return err
	}
	if err := k.schedule(
		ctx, epoch.RevealEndHeight, types.DUE_KIND_EPOCH_REVEAL_END, epoch.Number,
	); err != nil {
		return err
	}
	if err := k.finishIfOpened(ctx, epoch.Number); err != nil {
		return err
	}
	return emit(
		ctx, &types.EventEpochStarted{Epoch: epoch.Number, RevealEndHeight: epoch.RevealEndHeight},
	)
}

// fixVerifiers keeps who is an active verifier as an epoch begins, before anybody can know its beacon:
// draws by it take places in this list alone.
func (k Keeper) fixVerifiers(ctx context.Context, epoch uint64) error {
	active, err := keysOf(ctx, k.Verifiers, nil)
	if err != nil {
		return err
	}
	list := types.EpochVerifiers{Epoch: epoch, Verifiers: make([]string, len(active))}
	for i, verifier := range active {
		if list.Verifiers[i], err = k.text(verifier); err != nil {
			return err
		}
	}
	return k.EpochVerifiers.Set(ctx, epoch, list)
}

// forgetEpoch removes an epoch that no draw refers to any more, with the list that it drew from.
func (k Keeper) forgetEpoch(ctx context.Context, number uint64) error {
	if err := k.Epochs.Remove(ctx, number); err != nil {
		return err
	}
	return k.EpochVerifiers.Remove(ctx, number)
}

// CommitBeacon contributes to the next epoch's beacon.
func (s msgServer) CommitBeacon(
	ctx context.Context, msg *types.MsgCommitBeacon,
) (*types.MsgCommitBeaconResponse, error) {
	if _, err := types.HashFrom(msg.Commitment); err != nil {
		return nil, err
	}
	owner, bond, err := s.activeVerifier(ctx, msg.Operator)
	if err != nil {
		return nil, err
	}
	current, err := s.currentEpoch(ctx)
	if err != nil {
		return nil, err
	}
	key := collections.Join(msg.Epoch, owner)
	exists, err := s.BeaconCommitments.Has(ctx, key)
	if err != nil {
		return nil, err
	}

	if msg.Epoch != current.Number+1 {
		return nil, types.ErrBeaconEpochWrong.Wrapf(
			"epoch %d is not open for commitments, %d is", msg.Epoch, current.Number+1,
		)
	}
	if exists {
		return nil, types.ErrBeaconCommitmentExists.Wrapf("epoch %d", msg.Epoch)
	}

	commitment := types.BeaconCommitment{
		Epoch: msg.Epoch, Verifier: bond.Owner, Commitment: msg.Commitment,
	}
	if err := s.BeaconCommitments.Set(ctx, key, commitment); err != nil {
		return nil, err
	}
	return &types.MsgCommitBeaconResponse{}, emit(
		ctx, &types.EventBeaconCommitted{Epoch: msg.Epoch, Verifier: bond.Owner},
	)
}

// RevealBeacon opens a contribution. It is open to whoever committed, even if it is no longer an
// active verifier.
func (s msgServer) RevealBeacon(
	ctx context.Context, msg *types.MsgRevealBeacon,
) (*types.MsgRevealBeaconResponse, error) {
	secret, err := types.HashFrom(msg.Secret)
	if err != nil {
		return nil, err
	}
	owner, participant, err := s.participantOf(ctx, msg.Operator)
	if err != nil {
		return nil, err
	}
	current, err := s.currentEpoch(ctx)
	if err != nil {
		return nil, err
	}
	key := collections.Join(msg.Epoch, owner)
	commitment, err := load(ctx, s.BeaconCommitments, key, types.ErrBeaconCommitmentNotFound)
	if err != nil {
		return nil, err
	}

	commitment, err = types.RevealBeacon(
		commitment, current, chainID(ctx), types.Address(owner), secret, height(ctx),
	)
	if err != nil {
		return nil, err
	}

	if err := s.BeaconCommitments.Set(ctx, key, commitment); err != nil {
		return nil, err
	}
	if err := s.finishIfOpened(ctx, msg.Epoch); err != nil {
		return nil, err
	}
	event := &types.EventBeaconRevealed{Epoch: msg.Epoch, Verifier: participant.Owner}
	return &types.MsgRevealBeaconResponse{}, emit(ctx, event)
}

// finishIfOpened has the value of an epoch made final at the end of this block if nobody's
// contribution is still hidden: nothing that comes later could change it.
func (k Keeper) finishIfOpened(ctx context.Context, number uint64) error {
	commitments, err := valuesOf(
		ctx, k.BeaconCommitments, collections.NewPrefixedPairRange[uint64, sdk.AccAddress](number),
	)
	if err != nil {
		return err
	}
	for _, commitment := range commitments {
		if len(commitment.Secret) == 0 {
			return nil
		}
	}
	return k.schedule(ctx, height(ctx), types.DUE_KIND_EPOCH_REVEAL_END, number)
}

// finishBeacon makes the value of an epoch final, fines who did not reveal, and forgets the
// contributions.
func (k Keeper) finishBeacon(ctx context.Context, number uint64) error {
	epoch, err := k.Epochs.Get(ctx, number)
	if err != nil || len(epoch.Value) > 0 { // final already, before its reveals had to end
		return err
	}
	scheduled, err := k.ParamsAt(ctx, epoch.StartHeight)
	if err != nil {
		return err
	}
	params := scheduled.Params
	commitments, err := valuesOf(
		ctx, k.BeaconCommitments, collections.NewPrefixedPairRange[uint64, sdk.AccAddress](number),
	)
	if err != nil {
		return err
	}
	previous, err := loadOr(ctx, k.Epochs, number-1, types.Epoch{})
	if err != nil {
		return err
	}
	var reveals []types.BeaconReveal
	for _, commitment := range commitments {
		owner, err := k.address(commitment.Verifier)
		if err != nil {
			return err
		}
		if err := k.BeaconCommitments.Remove(ctx, collections.Join(number, owner)); err != nil {
			return err
		}
		if len(commitment.Secret) > 0 {
			reveals = append(
				reveals,
				types.BeaconReveal{
					Verifier: types.Address(owner), Secret: types.Hash(commitment.Secret),
				},
			)
			continue
		}
		if err := k.slash(ctx, params, slashing{
			fault: types.FAULT_MISSED_BEACON, subject: number, owner: owner,
			role: types.ROLE_VERIFIER,
		}); err != nil {
			return err
		}
	}
	epoch, err = types.FinishEpoch(
		epoch, previous, chainID(ctx), reveals, uint32(len(commitments)), params.Beacon,
	)
	if err != nil {
		return err
	}
	if err := k.Epochs.Set(ctx, number, epoch); err != nil {
		return err
	}
	if number > epochsKept {
		if err := k.forgetEpoch(ctx, number-epochsKept); err != nil {
			return err
		}
	}
	return emit(ctx, &types.EventBeaconFinal{
		Epoch: number, Value: epoch.Value, Reveals: epoch.Reveals, Missed: epoch.Missed,
		Weak: epoch.Weak,
	})
}
