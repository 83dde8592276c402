package keeper

import (
	"context"
	"crypto/sha256"
	"errors"

	"cosmossdk.io/collections"
	errorsmod "cosmossdk.io/errors"

	"r3mes.dev/chain/x/remes/referee"
	"r3mes.dev/chain/x/remes/types"
)

// RegisterReferee stores a referee, if the registration pass admits it (spec/referee.md section 7).
func (s msgServer) RegisterReferee(
	ctx context.Context, msg *types.MsgRegisterReferee,
) (*types.MsgRegisterRefereeResponse, error) {
	if err := s.requireAuthority(msg.Authority); err != nil {
		return nil, err
	}
	id := sha256.Sum256(msg.Module)
	exists, err := s.Referees.Has(ctx, id[:])
	if err != nil {
		return nil, err
	}
	if exists {
		return nil, types.ErrRefereeExists.Wrapf("%x", id)
	}

	if err := admit(msg.Module); err != nil {
		return nil, err
	}

	record := types.Referee{Id: id[:], Size_: uint32(len(msg.Module)), Height: height(ctx)}
	if err := s.Referees.Set(ctx, id[:], record); err != nil {
		return nil, err
	}
	if err := s.RefereeModules.Set(ctx, id[:], msg.Module); err != nil {
		return nil, err
	}
	return &types.MsgRegisterRefereeResponse{Id: id[:]}, emit(
		ctx, &types.EventRefereeRegistered{RefereeId: id[:]},
	)
}

// admit runs the registration pass on a module.
func admit(module []byte) error {
	_, err := referee.Admit(module)
	var refusal *referee.Refusal
	if errors.As(err, &refusal) {
		return types.ErrRefereeInvalid.Wrap(refusal.Error())
	}
	return err
}

// RegisterModel adds a model. It can be retired, never changed.
func (s msgServer) RegisterModel(
	ctx context.Context, msg *types.MsgRegisterModel,
) (*types.MsgRegisterModelResponse, error) {
	if err := s.requireAuthority(msg.Authority); err != nil {
		return nil, err
	}
	if err := types.CheckModel(msg.Model); err != nil {
		return nil, err
	}
	if _, err := load(ctx, s.Referees, msg.Model.RefereeId, types.ErrRefereeNotFound); err != nil {
		return nil, err
	}
	if err := requireFree(ctx, s.ModelNames, msg.Model.Name, types.ErrModelExists); err != nil {
		return nil, err
	}

	id, err := next(ctx, s.ModelID)
	if err != nil {
		return nil, err
	}
	model := msg.Model
	model.Id, model.Status, model.Height = id, types.STATUS_APPROVED, height(ctx)
	if err := s.Models.Set(ctx, id, model); err != nil {
		return nil, err
	}
	if err := s.ModelNames.Set(ctx, model.Name, id); err != nil {
		return nil, err
	}
	event := &types.EventModelRegistered{ModelId: id, Name: model.Name}
	return &types.MsgRegisterModelResponse{Id: id}, emit(ctx, event)
}

// SetModelStatus approves a model again, or retires it.
func (s msgServer) SetModelStatus(
	ctx context.Context, msg *types.MsgSetModelStatus,
) (*types.MsgSetModelStatusResponse, error) {
	if err := s.requireAuthority(msg.Authority); err != nil {
		return nil, err
	}
	model, err := load(ctx, s.Models, msg.Id, types.ErrModelNotFound)
	if err != nil {
		return nil, err
	}
	if model.Status, err = types.NextStatus(model.Status, msg.Status); err != nil {
		return nil, err
	}
	if err := s.Models.Set(ctx, msg.Id, model); err != nil {
		return nil, err
	}
	event := &types.EventModelStatusChanged{ModelId: msg.Id, Status: model.Status}
	return &types.MsgSetModelStatusResponse{}, emit(ctx, event)
}

// ProposeDataset offers a dataset, with a deposit. Governance approves it.
func (s msgServer) ProposeDataset(
	ctx context.Context, msg *types.MsgProposeDataset,
) (*types.MsgProposeDatasetResponse, error) {
	provider, err := s.address(msg.Provider)
	if err != nil {
		return nil, err
	}
	if _, err := s.address(msg.RoyaltyAddress); err != nil {
		return nil, err
	}
	params, err := s.params(ctx)
	if err != nil {
		return nil, err
	}
	dataset := types.Dataset{
		Provider:       msg.Provider,
		RoyaltyAddress: msg.RoyaltyAddress,
		Name:           msg.Name,
		ManifestCid:    msg.ManifestCid,
		Root:           msg.Root,
		Tokens:         msg.Tokens,
		TokenizerHash:  msg.TokenizerHash,
		Licence:        msg.Licence,
		Shards:         msg.Shards,
		Deposit:        params.Bond.Dataset,
		Status:         types.STATUS_PROPOSED,
		Height:         height(ctx),
	}
	if err := types.CheckDataset(dataset); err != nil {
		return nil, err
	}
	if err := requireFree(ctx, s.DatasetNames, msg.Name, types.ErrDatasetExists); err != nil {
		return nil, err
	}

	if dataset.Id, err = next(ctx, s.DatasetID); err != nil {
		return nil, err
	}
	if err := s.takeFrom(ctx, provider, types.BondAccountName, dataset.Deposit); err != nil {
		return nil, err
	}
	if err := s.Datasets.Set(ctx, dataset.Id, dataset); err != nil {
		return nil, err
	}
	if err := s.DatasetNames.Set(ctx, dataset.Name, dataset.Id); err != nil {
		return nil, err
	}
	event := &types.EventDatasetProposed{
		DatasetId: dataset.Id, Provider: msg.Provider, Name: msg.Name,
	}
	return &types.MsgProposeDatasetResponse{Id: dataset.Id}, emit(ctx, event)
}

// SetDatasetStatus approves or retires a dataset. Retiring returns the deposit.
func (s msgServer) SetDatasetStatus(
	ctx context.Context, msg *types.MsgSetDatasetStatus,
) (*types.MsgSetDatasetStatusResponse, error) {
	if err := s.requireAuthority(msg.Authority); err != nil {
		return nil, err
	}
	dataset, err := load(ctx, s.Datasets, msg.Id, types.ErrDatasetNotFound)
	if err != nil {
		return nil, err
	}
	if dataset.Status, err = types.NextStatus(dataset.Status, msg.Status); err != nil {
		return nil, err
	}
	if dataset.Status == types.STATUS_RETIRED {
		provider, err := s.address(dataset.Provider)
		if err != nil {
			return nil, err
		}
		if err := s.giveTo(ctx, types.BondAccountName, provider, dataset.Deposit); err != nil {
			return nil, err
		}
		dataset.Deposit = 0
	}
	if err := s.Datasets.Set(ctx, msg.Id, dataset); err != nil {
		return nil, err
	}
	event := &types.EventDatasetStatusChanged{DatasetId: msg.Id, Status: dataset.Status}
	return &types.MsgSetDatasetStatusResponse{}, emit(ctx, event)
}

func requireFree(
	ctx context.Context, names collections.Map[string, uint64], name string, taken *errorsmod.Error,
) error {
	has, err := names.Has(ctx, name)
	if err == nil && has {
		return taken.Wrapf("the name %q is taken", name)
	}
	return err
}
