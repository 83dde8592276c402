package keeper

import (
	"context"

	"cosmossdk.io/collections"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"r3mes.dev/chain/x/remes/types"
)

// currentRewardEpoch is the epoch that work accepted in this block counts in.
func (k Keeper) currentRewardEpoch(ctx context.Context) (types.RewardEpoch, error) {
	iterator, err := k.RewardEpochs.Iterate(ctx, new(collections.Range[uint64]).Descending())
	if err != nil {
		return types.RewardEpoch{}, err
	}
	defer iterator.Close()
	if !iterator.Valid() {
		return types.RewardEpoch{}, collections.ErrNotFound
	}
	return iterator.Value()
}

// closeRewardEpoch mints for the verified work of an epoch, pays the validators, and begins the
// next one.
func (k Keeper) closeRewardEpoch(ctx context.Context, number uint64) error {
	epoch, err := k.RewardEpochs.Get(ctx, number)
	if err != nil {
		return err
	}
	began, err := k.ParamsAt(ctx, epoch.OpenHeight)
	if err != nil {
		return err
	}
	params, err := k.params(ctx)
	if err != nil {
		return err
	}
	totals, err := k.totals(ctx)
	if err != nil {
		return err
	}

	supply := k.bank.GetSupply(ctx, Denom).Amount
	if !supply.IsUint64() {
		return types.ErrAmountOutOfRange.Wrapf("a supply of %s uremes", supply)
	}

	totals = types.AdvanceYear(totals, began.Params.Reward)
	epoch, validators, err := types.CloseRewardEpoch(
		epoch, totals, supply.Uint64(), began.Params.Reward)
	if err != nil {
		return err
	}

	if err := k.Totals.Set(ctx, totals); err != nil {
		return err
	}
	if err := k.mint(ctx, epoch.Minted); err != nil {
		return err
	}
	if err := k.payValidators(ctx, types.RewardAccountName, validators); err != nil {
		return err
	}
	if err := k.setRewardEpoch(ctx, epoch); err != nil {
		return err
	}
	if err := k.beginRewardEpoch(ctx, number+1, params.Reward); err != nil {
		return err
	}
	return emit(
		ctx, &types.EventRewardEpochClosed{Epoch: number, Work: epoch.Work, Minted: epoch.Minted},
	)
}

// beginRewardEpoch begins an epoch, and sees to it that its end is noticed.
func (k Keeper) beginRewardEpoch(
	ctx context.Context, number uint64, params types.RewardParams,
) error {
	epoch := types.RewardEpoch{
		Number: number, OpenHeight: height(ctx), EndHeight: height(ctx) + int64(params.EpochBlocks),
	}
	if err := k.RewardEpochs.Set(ctx, number, epoch); err != nil {
		return err
	}
	return k.schedule(ctx, epoch.EndHeight, types.DUE_KIND_REWARD_EPOCH_END, number)
}

// setRewardEpoch stores an epoch as long as it owes something.
func (k Keeper) setRewardEpoch(ctx context.Context, epoch types.RewardEpoch) error {
	if epoch.Closed && epoch.OpenWork == 0 {
		return k.RewardEpochs.Remove(ctx, epoch.Number)
	}
	return k.RewardEpochs.Set(ctx, epoch.Number, epoch)
}

func (k Keeper) payValidators(ctx context.Context, from string, amount uint64) error {
	if err := k.move(ctx, from, k.feeCollector, amount); err != nil {
		return err
	}
	return k.addTotals(ctx, func(t *types.Totals) { t.Paid += amount })
}

// mature pays for a submission whose challenge period has passed.
func (k Keeper) mature(ctx context.Context, id uint64) error {
	submission, found, err := lookup(ctx, k.Submissions, id)
	if err != nil || !found || submission.Status != types.SUBMISSION_STATUS_ACCEPTED ||
		submission.OpenCases > 0 {
		return err // it was paid or taken in the meantime, or is disputed
	}
	// An epoch that owes nothing is forgotten.
	epoch, err := loadOr(ctx, k.RewardEpochs, submission.RewardEpoch,
		types.RewardEpoch{Number: submission.RewardEpoch, Closed: true})
	if err != nil {
		return err
	}
	if !epoch.Closed { // its share is not known before
		return k.schedule(ctx, max(epoch.EndHeight, height(ctx))+1, types.DUE_KIND_MATURE, id)
	}
	pool, err := k.Pools.Get(ctx, submission.PoolId)
	if err != nil {
		return err
	}
	_, params, err := k.roundOf(ctx, submission.PoolId, submission.Round)
	if err != nil {
		return err
	}
	if err := k.pay(ctx, pool, submission, epoch, params); err != nil {
		return err
	}
	if err := k.leaveAdapter(ctx, submission); err != nil {
		return err
	}
	submission.Status = types.SUBMISSION_STATUS_MATURE
	return k.release(ctx, submission)
}

// pay credits everybody who has earned something by a submission: its part of the emission, and the
// price that the pool pays.
func (k Keeper) pay(
	ctx context.Context, pool types.Pool, submission types.Submission, epoch types.RewardEpoch,
	params types.Params,
) error {
	audit, err := k.lastAudit(ctx, submission)
	if err != nil {
		return err
	}
	verifiers := audit.PaidVerifiers()
	epoch, minted, err := types.PayFromEpoch(epoch, submission.WeightedWork, len(verifiers))
	if err != nil {
		return err
	}
	funded := types.PayFromPool(submission.Price, len(verifiers), params.Reward)
	if pool.Escrow, err = types.SubAmount(pool.Escrow, funded.Total()); err != nil {
		return err
	}

	if err := k.setRewardEpoch(ctx, epoch); err != nil {
		return err
	}
	if err := k.Pools.Set(ctx, pool.Id, pool); err != nil {
		return err
	}
	if err := k.move(
		ctx, types.EscrowAccountName, types.RewardAccountName, funded.Total()-funded.Validators,
	); err != nil {
		return err
	}
	if err := k.payValidators(ctx, types.EscrowAccountName, funded.Validators); err != nil {
		return err
	}
	if err := k.addTotals(ctx, func(t *types.Totals) { t.Funded += funded.Total() }); err != nil {
		return err
	}
	dataset, err := k.Datasets.Get(ctx, pool.DatasetId)
	if err != nil {
		return err
	}
	if err := k.credit(
		ctx, submission.Miner, submission.Id, minted.Miner+funded.Miner,
	); err != nil {
		return err
	}
	for i, verifier := range verifiers {
		if err := k.credit(
			ctx, verifier, submission.Id, minted.Verifiers[i]+funded.Verifiers[i],
		); err != nil {
			return err
		}
	}
	return k.credit(
		ctx, dataset.RoyaltyAddress, submission.Id, minted.DataProvider+funded.DataProvider,
	)
}

// credit adds to what somebody may withdraw. Nothing is ever pushed.
func (k Keeper) credit(ctx context.Context, owner string, submission, amount uint64) error {
	if amount == 0 {
		return nil
	}
	address, err := k.address(owner)
	if err != nil {
		return err
	}
	balance, err := loadOr(ctx, k.Rewards, address, 0)
	if err != nil {
		return err
	}
	if err := k.Rewards.Set(ctx, address, balance+amount); err != nil {
		return err
	}
	return emit(
		ctx, &types.EventRewardCredited{Owner: owner, SubmissionId: submission, Amount: amount},
	)
}

// matureAdapter counts a submission that is mature, or that never will be, off the version that it
// is in.
func (k Keeper) matureAdapter(ctx context.Context, id uint64) error {
	if id == 0 {
		return nil
	}
	adapter, err := k.Adapters.Get(ctx, id)
	if err != nil {
		return err
	}
	adapter.OpenSubmissions--
	round, err := k.Rounds.Get(ctx, collections.Join(adapter.PoolId, adapter.Round))
	if err != nil {
		return err
	}
	return k.setAdapter(ctx, adapter, round)
}

// setAdapter stores a version, which is mature once its sum and everything in it are settled.
func (k Keeper) setAdapter(
	ctx context.Context, adapter types.AdapterVersion, round types.Round,
) error {
	if adapter.OpenSubmissions == 0 && !round.SumOpen() &&
		adapter.Status == types.ADAPTER_STATUS_PROVISIONAL {
		adapter.Status = types.ADAPTER_STATUS_MATURE
		event := &types.EventAdapterStatusChanged{AdapterId: adapter.Id, Status: adapter.Status}
		if err := emit(ctx, event); err != nil {
			return err
		}
	}
	return k.Adapters.Set(ctx, adapter.Id, adapter)
}

// WithdrawRewards pays out what has become free.
func (s msgServer) WithdrawRewards(
	ctx context.Context, msg *types.MsgWithdrawRewards,
) (*types.MsgWithdrawRewardsResponse, error) {
	owner, err := s.address(msg.Owner)
	if err != nil {
		return nil, err
	}
	amount, err := s.rewardsOf(ctx, owner)
	if err != nil {
		return nil, err
	}
	if amount == 0 {
		return nil, types.ErrRewardNone.Wrap(msg.Owner)
	}
	if err := s.Rewards.Remove(ctx, owner); err != nil {
		return nil, err
	}
	if err := s.giveTo(ctx, types.RewardAccountName, owner, amount); err != nil {
		return nil, err
	}
	if err := s.addTotals(ctx, func(t *types.Totals) { t.Paid += amount }); err != nil {
		return nil, err
	}
	event := &types.EventRewardWithdrawn{Owner: msg.Owner, Amount: amount}
	return &types.MsgWithdrawRewardsResponse{Amount: amount}, emit(ctx, event)
}

func (k Keeper) rewardsOf(ctx context.Context, owner sdk.AccAddress) (uint64, error) {
	return loadOr(ctx, k.Rewards, owner, 0)
}
