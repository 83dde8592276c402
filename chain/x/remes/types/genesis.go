package types

// DefaultGenesis is a chain without records, with the parameters of a preset.
func DefaultGenesis(preset Preset) (*GenesisState, error) {
	params, err := PresetParams(preset)
	if err != nil {
		return nil, err
	}
	return &GenesisState{Params: []ScheduledParams{{Params: params}}}, nil
}

// Validate refuses a state that would break a rule at the first block.
func (g GenesisState) Validate() error {
	if len(g.Params) == 0 || g.Params[0].ActivationHeight != 0 {
		return ErrParamsInvalid.Wrap("the first parameters must hold from height 0")
	}
	for i, scheduled := range g.Params {
		if i > 0 && scheduled.ActivationHeight <= g.Params[i-1].ActivationHeight {
			return ErrParamsInvalid.Wrapf("parameters at height %d are out of order", scheduled.ActivationHeight)
		}
		if err := scheduled.Params.Validate(); err != nil {
			return err
		}
	}
	return nil
}
