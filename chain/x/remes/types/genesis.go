package types

import (
	"bytes"

	sdk "github.com/cosmos/cosmos-sdk/types"
)

// DefaultGenesis is a chain without records, with the parameters of a preset.
func DefaultGenesis(preset Preset) (*GenesisState, error) {
	params, err := PresetParams(preset)
	if err != nil {
		return nil, err
	}
	return &GenesisState{Params: []ScheduledParams{{Params: params}}}, nil
}

// Validate refuses a state that would break a rule at the first block. What the accounts hold is
// checked when the state is loaded, since only the bank knows it.
func (g GenesisState) Validate() error {
	for _, check := range []func() error{
		g.checkParams, g.checkRegistries, g.checkOwners, g.checkNumbers, g.checkAmounts, g.checkDraws,
	} {
		if err := check(); err != nil {
			return err
		}
	}
	return nil
}

func (g GenesisState) checkParams() error {
	if len(g.Params) == 0 || g.Params[0].ActivationHeight != 0 {
		return ErrParamsInvalid.Wrap("the first parameters must hold from height 0")
	}
	for i, scheduled := range g.Params {
		if i > 0 && scheduled.ActivationHeight <= g.Params[i-1].ActivationHeight {
			return ErrParamsInvalid.Wrapf(
				"parameters at height %d are out of order", scheduled.ActivationHeight,
			)
		}
		if err := scheduled.Params.Validate(); err != nil {
			return err
		}
	}
	return nil
}

func (g GenesisState) checkRegistries() error {
	referees := map[string]bool{}
	for _, referee := range g.Referees {
		if id := sha256Of(referee.Module); string(id[:]) != string(referee.Referee.Id) {
			return ErrRefereeInvalid.Wrapf("%x is not the hash of its module", referee.Referee.Id)
		}
		referees[string(referee.Referee.Id)] = true
	}
	names := map[string]bool{}
	for _, model := range g.Models {
		if err := CheckModel(model); err != nil {
			return err
		}
		if !referees[string(model.RefereeId)] {
			return ErrRefereeNotFound.Wrapf("%x, of model %s", model.RefereeId, model.Name)
		}
		if names[model.Name] {
			return ErrModelExists.Wrap(model.Name)
		}
		names[model.Name] = true
	}
	names = map[string]bool{}
	for _, dataset := range g.Datasets {
		if err := CheckDataset(dataset); err != nil {
			return err
		}
		if names[dataset.Name] {
			return ErrDatasetExists.Wrap(dataset.Name)
		}
		names[dataset.Name] = true
	}
	return nil
}

func (g GenesisState) checkOwners() error {
	operators := map[string]bool{}
	var addresses []string
	for _, participant := range g.Participants {
		addresses = append(addresses, participant.Owner)
		if participant.Operator == "" {
			continue
		}
		if operators[participant.Operator] {
			return ErrOperatorInUse.Wrap(participant.Operator)
		}
		operators[participant.Operator] = true
		addresses = append(addresses, participant.Operator)
	}
	for _, bond := range g.Bonds {
		if _, err := (BondParams{}).BondMin(bond.Role); err != nil {
			return err
		}
		addresses = append(addresses, bond.Owner)
	}
	for _, unbonding := range g.Unbondings {
		addresses = append(addresses, unbonding.Owner)
	}
	for _, dataset := range g.Datasets {
		addresses = append(addresses, dataset.Provider, dataset.RoyaltyAddress)
	}
	for _, balance := range g.Rewards {
		addresses = append(addresses, balance.Owner)
	}
	for _, address := range addresses {
		if _, err := sdk.AccAddressFromBech32(address); err != nil {
			return ErrAddressInvalid.Wrap(address)
		}
	}
	return nil
}

// checkAmounts refuses what no account can hold: sums of such amounts would come round to what one does.
func (g GenesisState) checkAmounts() error {
	var amounts []uint64
	for _, r := range g.Bonds {
		amounts = append(amounts, r.Amount)
	}
	for _, r := range g.Unbondings {
		amounts = append(amounts, r.Amount)
	}
	for _, r := range g.Datasets {
		amounts = append(amounts, r.Deposit)
	}
	for _, r := range g.Pools {
		amounts = append(amounts, r.Escrow)
	}
	for _, r := range g.Rewards {
		amounts = append(amounts, r.Amount)
	}
	for _, r := range g.RewardEpochs {
		amounts = append(amounts, r.Miners, r.Verifiers, r.DataProviders)
	}
	for _, r := range g.Cases {
		amounts = append(amounts, r.Bond)
		for _, challenge := range r.Queue {
			amounts = append(amounts, challenge.Bond)
		}
	}
	for _, r := range g.Findings {
		amounts = append(amounts, r.Bond)
	}
	for _, amount := range amounts {
		if amount > SupplyCap {
			return ErrAmountOutOfRange.Wrapf("%d uremes", amount)
		}
	}
	return nil
}

// checkNumbers refuses records whose numbers the counters would give again.
func (g GenesisState) checkNumbers() error {
	type numbered struct {
		what     string
		id, last uint64
	}
	var records []numbered
	c := g.Counters
	for _, r := range g.Unbondings {
		records = append(records, numbered{"unbonding", r.Id, c.Unbonding})
	}
	for _, r := range g.Models {
		records = append(records, numbered{"model", r.Id, c.Model})
	}
	for _, r := range g.Datasets {
		records = append(records, numbered{"dataset", r.Id, c.Dataset})
	}
	for _, r := range g.Pools {
		records = append(records, numbered{"pool", r.Id, c.Pool})
	}
	for _, r := range g.Leases {
		records = append(records, numbered{"lease", r.Id, c.Lease})
	}
	for _, r := range g.Submissions {
		records = append(records, numbered{"submission", r.Id, c.Lease})
	}
	for _, r := range g.Adapters {
		records = append(records, numbered{"adapter version", r.Id, c.Adapter})
	}
	for _, r := range g.Cases {
		records = append(records, numbered{"case", r.Id, c.Case})
		if err := r.Check(); err != nil {
			return ErrMessageInvalid.Wrap(err.Error())
		}
	}
	for i, epoch := range g.Epochs {
		if i > 0 && epoch.Number <= g.Epochs[i-1].Number {
			return ErrMessageInvalid.Wrapf("epoch %d is out of order", epoch.Number)
		}
	}
	seen := map[numbered]bool{}
	for _, r := range records {
		if r.id == 0 || r.id > r.last || seen[r] {
			return ErrMessageInvalid.Wrapf(
				"%s %d does not lie between 1 and the counter %d, once", r.what, r.id, r.last,
			)
		}
		seen[r] = true
	}
	return nil
}

// checkDraws refuses epochs without the list that their beacons draw from, and lists that another order or
// one verifier twice would make another draw of.
func (g GenesisState) checkDraws() error {
	lists := g.EpochVerifiers
	for _, epoch := range g.Epochs {
		if epoch.Number == 0 {
			continue
		}
		if len(lists) == 0 || lists[0].Epoch != epoch.Number {
			return ErrMessageInvalid.Wrapf("epoch %d has no verifiers to draw from", epoch.Number)
		}
		if err := lists[0].check(); err != nil {
			return err
		}
		lists = lists[1:]
	}
	if len(lists) > 0 {
		return ErrMessageInvalid.Wrapf("epoch %d, which verifiers are of, is not there", lists[0].Epoch)
	}
	return nil
}

func (l EpochVerifiers) check() error {
	if len(l.Verifiers) > LimitVerifiersMax {
		return ErrMessageInvalid.Wrapf("epoch %d draws from %d verifiers", l.Epoch, len(l.Verifiers))
	}
	var last []byte
	for _, verifier := range l.Verifiers {
		address, err := sdk.AccAddressFromBech32(verifier)
		if err != nil {
			return ErrAddressInvalid.Wrap(verifier)
		}
		if bytes.Compare(last, address) >= 0 {
			return ErrMessageInvalid.Wrapf("%s is out of order in epoch %d", verifier, l.Epoch)
		}
		last = address
	}
	return nil
}
