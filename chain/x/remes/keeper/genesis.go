package keeper

import (
	"context"

	"cosmossdk.io/collections"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"r3mes.dev/chain/x/remes/types"
)

// InitGenesis fills an empty store. The state has been validated before. A state without epochs
// begins the first ones. A state that the module's accounts do not cover is refused, and so is that of
// another chain: nobody could open what is committed in it, and whoever cannot is fined.
func (k Keeper) InitGenesis(ctx context.Context, state types.GenesisState) error {
	if of := state.ChainId; of != "" && of != chainID(ctx) {
		return types.ErrMessageInvalid.Wrapf(
			"the state is of chain %q, and cannot go on as %q", of, chainID(ctx))
	}
	for _, initialize := range []func(context.Context, types.GenesisState) error{
		k.initParams, k.initParticipants, k.initRegistries, k.initWork, k.initMoney, k.initCases,
		k.initEpochs,
	} {
		if err := initialize(ctx, state); err != nil {
			return err
		}
	}
	return k.CheckInvariants(ctx)
}

// setAll stores records under the key of each.
func setAll[K, V any](
	ctx context.Context, m collections.Map[K, V], records []V, key func(V) (K, error),
) error {
	for _, record := range records {
		at, err := key(record)
		if err != nil {
			return err
		}
		if err := m.Set(ctx, at, record); err != nil {
			return err
		}
	}
	return nil
}

func (k Keeper) initParams(ctx context.Context, state types.GenesisState) error {
	for _, scheduled := range state.Params {
		if err := grow(
			ctx, k.Params, k.NewestParams, scheduled.ActivationHeight, scheduled.Params,
		); err != nil {
			return err
		}
	}
	counters := state.Counters
	for _, c := range []struct {
		sequence collections.Sequence
		last     uint64
	}{
		{k.UnbondingID, counters.Unbonding}, {k.ModelID, counters.Model},
		{k.DatasetID, counters.Dataset},
		{k.PoolID, counters.Pool}, {k.LeaseID, counters.Lease}, {k.AdapterID, counters.Adapter},
		{k.CaseID, counters.Case},
	} {
		if err := c.sequence.Set(ctx, c.last); err != nil {
			return err
		}
	}
	return k.Totals.Set(ctx, state.Totals)
}

func (k Keeper) initParticipants(ctx context.Context, state types.GenesisState) error {
	for _, participant := range state.Participants {
		owner, err := k.address(participant.Owner)
		if err != nil {
			return err
		}
		if err := k.Participants.Set(ctx, owner, participant); err != nil {
			return err
		}
		if participant.Operator == "" {
			continue
		}
		operator, err := k.address(participant.Operator)
		if err != nil {
			return err
		}
		if err := k.Operators.Set(ctx, operator, owner); err != nil {
			return err
		}
	}
	for _, bond := range state.Bonds {
		owner, err := k.address(bond.Owner)
		if err != nil {
			return err
		}
		if err := k.setBond(ctx, owner, bond); err != nil {
			return err
		}
	}
	for _, unbonding := range state.Unbondings {
		owner, err := k.address(unbonding.Owner)
		if err != nil {
			return err
		}
		if err := k.Unbondings.Set(ctx, unbonding.Id, unbonding); err != nil {
			return err
		}
		if err := k.UnbondingsByOwner.Set(
			ctx, collections.Join3(owner, int32(unbonding.Role), unbonding.Id),
		); err != nil {
			return err
		}
	}
	return nil
}

func (k Keeper) initRegistries(ctx context.Context, state types.GenesisState) error {
	for _, r := range state.Referees {
		if err := admit(r.Module); err != nil {
			return err
		}
		if err := k.Referees.Set(ctx, r.Referee.Id, r.Referee); err != nil {
			return err
		}
		if err := k.RefereeModules.Set(ctx, r.Referee.Id, r.Module); err != nil {
			return err
		}
	}
	for _, model := range state.Models {
		if err := k.Models.Set(ctx, model.Id, model); err != nil {
			return err
		}
		if err := k.ModelNames.Set(ctx, model.Name, model.Id); err != nil {
			return err
		}
	}
	for _, dataset := range state.Datasets {
		if err := k.Datasets.Set(ctx, dataset.Id, dataset); err != nil {
			return err
		}
		if err := k.DatasetNames.Set(ctx, dataset.Name, dataset.Id); err != nil {
			return err
		}
	}
	return setAll(ctx, k.Adapters, state.Adapters, func(a types.AdapterVersion) (uint64, error) {
		return a.Id, nil
	})
}

func (k Keeper) initWork(ctx context.Context, state types.GenesisState) error {
	byID := func(p types.Pool) (uint64, error) { return p.Id, nil }
	if err := setAll(ctx, k.Pools, state.Pools, byID); err != nil {
		return err
	}
	for _, round := range state.Rounds {
		if err := k.setRound(ctx, round); err != nil {
			return err
		}
	}
	for _, chunk := range state.Chunks {
		if err := k.setChunk(ctx, chunk); err != nil {
			return err
		}
		if chunk.Status != types.CHUNK_STATUS_QUEUED {
			continue
		}
		if err := k.QueuedChunks.Set(
			ctx, collections.Join3(chunk.PoolId, chunk.Round, chunk.Position),
		); err != nil {
			return err
		}
	}
	for _, lease := range state.Leases {
		miner, err := k.address(lease.Miner)
		if err != nil {
			return err
		}
		if err := k.Leases.Set(ctx, lease.Id, lease); err != nil {
			return err
		}
		if err := k.OpenWork.Set(ctx, collections.Join(miner, lease.Id)); err != nil {
			return err
		}
	}
	for _, submission := range state.Submissions {
		if err := k.initSubmission(ctx, submission); err != nil {
			return err
		}
	}
	return k.initVerification(ctx, state)
}

func (k Keeper) initSubmission(ctx context.Context, s types.Submission) error {
	miner, err := k.address(s.Miner)
	if err != nil {
		return err
	}
	if err := k.Submissions.Set(ctx, s.Id, s); err != nil {
		return err
	}
	if s.Open() {
		if err := k.OpenWork.Set(ctx, collections.Join(miner, s.Id)); err != nil {
			return err
		}
	}
	if s.Asked() {
		if err := k.OpenInquiries.Set(ctx, s.Id); err != nil {
			return err
		}
	}
	return k.SubmissionsByRound.Set(ctx, collections.Join3(s.PoolId, s.Round, s.Id))
}

func (k Keeper) initVerification(ctx context.Context, state types.GenesisState) error {
	for _, audit := range state.Audits {
		if err := k.Audits.Set(
			ctx, collections.Join(audit.SubmissionId, audit.Draw), audit,
		); err != nil {
			return err
		}
		if audit.Phase == types.AUDIT_PHASE_SETTLED {
			continue
		}
		for _, seat := range audit.Seats {
			verifier, err := k.address(seat.Verifier)
			if err != nil {
				return err
			}
			if err := k.OpenSeats.Set(
				ctx, collections.Join(verifier, audit.SubmissionId),
			); err != nil {
				return err
			}
		}
	}
	for _, attestation := range state.Attestations {
		verifier, err := k.address(attestation.Verifier)
		if err != nil {
			return err
		}
		if _, err := k.keepAttestation(ctx, verifier, attestation); err != nil {
			return err
		}
	}
	return setAll(ctx, k.BeaconCommitments, state.BeaconCommitments, func(c types.BeaconCommitment) (beaconKey, error) {
		verifier, err := k.address(c.Verifier)
		return collections.Join(c.Epoch, verifier), err
	})
}

func (k Keeper) initMoney(ctx context.Context, state types.GenesisState) error {
	for _, balance := range state.Rewards {
		owner, err := k.address(balance.Owner)
		if err != nil {
			return err
		}
		if err := k.Rewards.Set(ctx, owner, balance.Amount); err != nil {
			return err
		}
	}
	for _, item := range state.DueItems {
		if err := k.schedule(ctx, item.Height, item.Kind, item.Id); err != nil {
			return err
		}
	}
	return setAll(ctx, k.Offences, state.Offences, func(o types.Offence) (offenceKey, error) {
		offender, err := k.address(o.Offender)
		return collections.Join3(offender, int32(o.Fault), o.Subject), err
	})
}

func (k Keeper) initCases(ctx context.Context, state types.GenesisState) error {
	for _, c := range state.Cases {
		if err := k.Cases.Set(ctx, c.Id, c); err != nil {
			return err
		}
		if !c.Open() {
			continue
		}
		if err := k.indexCase(ctx, c); err != nil {
			return err
		}
	}
	return setAll(ctx, k.Findings, state.Findings, func(f types.Finding) (findingKey, error) {
		verifier, err := k.address(f.Verifier)
		return collections.Join(f.SubmissionId, verifier), err
	})
}

// initEpochs restores the epochs, or begins the first of each kind. Epoch 0 of the beacon has no
// value: commitments for epoch 1 are made in it.
func (k Keeper) initEpochs(ctx context.Context, state types.GenesisState) error {
	params, err := k.params(ctx)
	if err != nil {
		return err
	}
	now := height(ctx)
	if len(state.Epochs) == 0 {
		state.Epochs = []types.Epoch{types.NewEpoch(0, now, params.Beacon)}
	}
	if len(state.RewardEpochs) == 0 {
		if err := k.beginRewardEpoch(ctx, 0, params.Reward); err != nil {
			return err
		}
	}
	number := func(e types.RewardEpoch) (uint64, error) { return e.Number, nil }
	if err := setAll(ctx, k.RewardEpochs, state.RewardEpochs, number); err != nil {
		return err
	}
	for _, epoch := range state.Epochs {
		if err := grow(ctx, k.Epochs, k.NewestEpoch, epoch.Number, epoch); err != nil {
			return err
		}
	}
	of := func(l types.EpochVerifiers) (uint64, error) { return l.Epoch, nil }
	return setAll(ctx, k.EpochVerifiers, state.EpochVerifiers, of)
}

// ExportGenesis returns the whole state, so that InitGenesis of it makes an equal store.
func (k Keeper) ExportGenesis(ctx context.Context) (*types.GenesisState, error) {
	state := &types.GenesisState{ChainId: chainID(ctx)}
	for _, export := range []func(context.Context, *types.GenesisState) error{
		k.exportRecords, k.exportKeyed, k.exportCounters,
	} {
		if err := export(ctx, state); err != nil {
			return nil, err
		}
	}
	return state, nil
}

// all collects every record of a collection.
func all[K, V any](ctx context.Context, m collections.Map[K, V], into *[]V) error {
	values, err := valuesOf(ctx, m, nil)
	*into = values
	return err
}

func (k Keeper) exportRecords(ctx context.Context, state *types.GenesisState) error {
	for _, export := range []func() error{
		func() error { return all(ctx, k.Participants, &state.Participants) },
		func() error { return all(ctx, k.Bonds, &state.Bonds) },
		func() error { return all(ctx, k.Unbondings, &state.Unbondings) },
		func() error { return all(ctx, k.Epochs, &state.Epochs) },
		func() error { return all(ctx, k.EpochVerifiers, &state.EpochVerifiers) },
		func() error { return all(ctx, k.BeaconCommitments, &state.BeaconCommitments) },
		func() error { return all(ctx, k.Models, &state.Models) },
		func() error { return all(ctx, k.Datasets, &state.Datasets) },
		func() error { return all(ctx, k.Pools, &state.Pools) },
		func() error { return all(ctx, k.Rounds, &state.Rounds) },
		func() error { return all(ctx, k.Chunks, &state.Chunks) },
		func() error { return all(ctx, k.Leases, &state.Leases) },
		func() error { return all(ctx, k.Submissions, &state.Submissions) },
		func() error { return all(ctx, k.Audits, &state.Audits) },
		func() error { return all(ctx, k.Attestations, &state.Attestations) },
		func() error { return all(ctx, k.Adapters, &state.Adapters) },
		func() error { return all(ctx, k.RewardEpochs, &state.RewardEpochs) },
		func() error { return all(ctx, k.Offences, &state.Offences) },
		func() error { return all(ctx, k.Cases, &state.Cases) },
		func() error { return all(ctx, k.Findings, &state.Findings) },
	} {
		if err := export(); err != nil {
			return err
		}
	}
	return nil
}

// exportKeyed are the collections whose keys hold what their values do not.
func (k Keeper) exportKeyed(ctx context.Context, state *types.GenesisState) error {
	err := k.Params.Walk(ctx, nil, func(height int64, params types.Params) (bool, error) {
		state.Params = append(
			state.Params, types.ScheduledParams{ActivationHeight: height, Params: params},
		)
		return false, nil
	})
	if err != nil {
		return err
	}
	err = k.Referees.Walk(ctx, nil, func(id []byte, record types.Referee) (bool, error) {
		module, err := k.RefereeModules.Get(ctx, id)
		state.Referees = append(
			state.Referees, types.RefereeModule{Referee: record, Module: module},
		)
		return false, err
	})
	if err != nil {
		return err
	}
	err = k.Rewards.Walk(ctx, nil, func(owner sdk.AccAddress, amount uint64) (bool, error) {
		text, err := k.text(owner)
		state.Rewards = append(state.Rewards, types.RewardBalance{Owner: text, Amount: amount})
		return false, err
	})
	if err != nil {
		return err
	}
	return k.Due.Walk(ctx, nil, func(key dueKey) (bool, error) {
		item := types.DueItem{Height: key.K1(), Kind: types.DueKind(key.K2()), Id: key.K3()}
		state.DueItems = append(state.DueItems, item)
		return false, nil
	})
}

func (k Keeper) exportCounters(ctx context.Context, state *types.GenesisState) (err error) {
	counters := &state.Counters
	for _, c := range []struct {
		sequence collections.Sequence
		last     *uint64
	}{
		{k.UnbondingID, &counters.Unbonding}, {k.ModelID, &counters.Model},
		{k.DatasetID, &counters.Dataset},
		{k.PoolID, &counters.Pool}, {k.LeaseID, &counters.Lease}, {k.AdapterID, &counters.Adapter},
		{k.CaseID, &counters.Case},
	} {
		if *c.last, err = c.sequence.Peek(ctx); err != nil {
			return err
		}
	}
	state.Totals, err = k.totals(ctx)
	return err
}
