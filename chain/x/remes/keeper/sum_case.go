package keeper

import (
	"context"

	"cosmossdk.io/collections"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"r3mes.dev/chain/x/remes/types"
)

// A sum is disputed as long as its window is open: by those who attested another one, at once and by
// themselves, and by anybody with a bond.

// disputeSum opens the cases of those who attested another sum than the one that is adopted, or
// leads. A round counts its cases; it is stored by the caller.
func (k Keeper) disputeSum(
	ctx context.Context, round types.Round, attestations []types.Attestation, sum types.Attestation,
) (types.Round, error) {
	_, params, err := k.roundOf(ctx, round.PoolId, round.Number)
	if err != nil {
		return round, err
	}
	dissent := types.Dissenters(attestations, sum)
	atOnce := min(len(dissent), int(params.Dispute.OpenCasesMax))
	spokesman := types.Spokesman(attestations, sum)
	for i, challenge := range dissent[:atOnce] {
		c := types.OpenSumCase(spokesman, challenge, params.Dispute, height(ctx))
		if i == 0 {
			c.Queue = dissent[atOnce:min(len(dissent), atOnce+types.QueueMax)]
		}
		if _, err := k.beginCase(ctx, c); err != nil {
			return round, err
		}
		round.OpenCases++
	}
	return round, nil
}

// challengeSum disputes the sum of a round and locks a bond.
func (k Keeper) challengeSum(
	ctx context.Context, msg *types.MsgChallenge, challenger sdk.AccAddress,
) (*types.MsgChallengeResponse, error) {
	round, began, err := k.roundOf(ctx, msg.PoolId, msg.Round)
	if err != nil {
		return nil, err
	}
	if err := types.CheckSumChallenge(round, msg, height(ctx)); err != nil {
		return nil, err
	}
	sum, err := k.adoptedSum(ctx, round)
	if err != nil {
		return nil, err
	}
	attested, err := k.attested(ctx, challenger, sum)
	if err != nil {
		return nil, err
	}
	if attested { // the challenger's part of the fines would give it back
		return nil, types.ErrUnauthorized.Wrapf("%s attested this sum", msg.Challenger)
	}
	params, err := k.params(ctx)
	if err != nil {
		return nil, err
	}
	open, err := k.openCasesOfSum(ctx, round)
	if err != nil {
		return nil, err
	}
	return k.takeChallenge(ctx, challenger, types.Challenge{
		Challenger: msg.Challenger, Kind: msg.Kind, Momentum: msg.Momentum,
	}, params, open, func(challenge types.Challenge) (uint64, error) {
		id, err := k.beginCase(ctx, types.OpenSumCase(sum, challenge, began.Dispute, height(ctx)))
		if err != nil {
			return 0, err
		}
		round.OpenCases++
		return id, k.setRound(ctx, round)
	})
}

// attestationsOf are those of a round: at most one of each verifier.
func (k Keeper) attestationsOf(
	ctx context.Context, pool uint64, round uint32,
) ([]types.Attestation, error) {
	return valuesOf(ctx, k.Attestations,
		collections.NewSuperPrefixedTripleRange[uint64, uint32, sdk.AccAddress](pool, round))
}

// attestersOf are those who attested a sum of a round.
func (k Keeper) attestersOf(
	ctx context.Context, round types.Round, sum types.Attestation,
) ([]string, error) {
	attestations, err := k.attestationsOf(ctx, round.PoolId, round.Number)
	if err != nil {
		return nil, err
	}
	var attesters []string
	for _, attestation := range attestations {
		if types.SameSum(attestation, sum) {
			attesters = append(attesters, attestation.Verifier)
		}
	}
	return attesters, nil
}

// adoptedSum is the sum of a completed round, in the word of who is asked to defend it.
func (k Keeper) adoptedSum(ctx context.Context, round types.Round) (types.Attestation, error) {
	adapter, err := k.Adapters.Get(ctx, round.ResultAdapterId)
	if err != nil {
		return types.Attestation{}, err
	}
	attestations, err := k.attestationsOf(ctx, round.PoolId, round.Number)
	sum := types.Attestation{
		Root: adapter.Root, MomentumRoot: adapter.MomentumRoot, LeftOut: round.LeftOut,
	}
	return types.Spokesman(attestations, sum), err
}

// attested says that an owner attested a sum.
func (k Keeper) attested(
	ctx context.Context, owner sdk.AccAddress, sum types.Attestation,
) (bool, error) {
	own, err := loadOr(ctx, k.Attestations, collections.Join3(
		sum.PoolId, sum.Round, owner), types.Attestation{})
	return own.Verifier != "" && types.SameSum(own, sum), err
}

// disputedSum is the attestation that the defender of a case about a sum stands by.
func (k Keeper) disputedSum(ctx context.Context, c types.Case) (types.Attestation, error) {
	defender, err := k.address(c.Defender)
	if err != nil {
		return types.Attestation{}, err
	}
	return k.Attestations.Get(ctx, collections.Join3(c.PoolId, c.Round, defender))
}

// defends says that an owner may make the defender's moves of a case about a sum: whoever attested
// it, since each of them answers for it. No move can harm the others, because every post must fold to
// the claim.
func (k Keeper) defends(ctx context.Context, owner sdk.AccAddress, c types.Case) (bool, error) {
	if c.Kind != types.CASE_KIND_AGGREGATE || !c.Open() {
		return false, nil
	}
	sum, err := k.disputedSum(ctx, c)
	if err != nil {
		return false, err
	}
	return k.attested(ctx, owner, sum)
}

// openCasesOfSum are the open cases about the sum of a round, the oldest first.
func (k Keeper) openCasesOfSum(ctx context.Context, round types.Round) ([]types.Case, error) {
	keys, err := keysOf(ctx, k.CasesByRound,
		collections.NewSuperPrefixedTripleRange[uint64, uint32, uint64](round.PoolId, round.Number))
	if err != nil {
		return nil, err
	}
	cases := make([]types.Case, len(keys))
	for i, key := range keys {
		if cases[i], err = k.Cases.Get(ctx, key.K3()); err != nil {
			return nil, err
		}
	}
	return cases, nil
}

// closeSumCase ends a case about a sum: the sum is taken back, or the next challenge has its turn.
func (k Keeper) closeSumCase(
	ctx context.Context, c types.Case, outcome types.CaseOutcome, params types.Params,
) error {
	round, err := k.Rounds.Get(ctx, collections.Join(c.PoolId, c.Round))
	if err != nil {
		return err
	}
	sum, err := k.disputedSum(ctx, c)
	if err != nil {
		return err
	}
	if outcome.Convicts() {
		return k.convictSum(ctx, c, outcome, round, sum, params)
	}
	if err := k.endCase(ctx, c, outcome); err != nil {
		return err
	}
	round.OpenCases--
	if err := k.fineChallenger(ctx, c, params); err != nil {
		return err
	}
	if len(c.Queue) > 0 {
		next := types.OpenSumCase(sum, c.Queue[0], params.Dispute, height(ctx))
		next.Queue = c.Queue[1:]
		if _, err := k.beginCase(ctx, next); err != nil {
			return err
		}
		round.OpenCases++
		attesters, err := k.attestersOf(ctx, round, sum)
		if err != nil {
			return err
		}
		if err := k.holdUnbondings(ctx, attesters, next.EndsBy()); err != nil {
			return err
		}
	}
	if round.OpenCases == 0 && height(ctx) > round.SumEndHeight {
		return k.settleSum(ctx, round)
	}
	return k.setRound(ctx, round)
}

// convictSum fines everybody who attested a sum that is wrong, or that nobody stood by, and recalls
// the version that it made. The other cases about it are moot.
func (k Keeper) convictSum(
	ctx context.Context, c types.Case, outcome types.CaseOutcome, round types.Round,
	sum types.Attestation, params types.Params,
) error {
	var err error
	if c.Attesters, err = k.attestersOf(ctx, round, sum); err != nil {
		return err
	}
	if err := k.endCase(ctx, c, outcome); err != nil {
		return err
	}
	if err := k.returnBonds(ctx, c); err != nil {
		return err
	}
	others, err := k.openCasesOfSum(ctx, round)
	if err != nil {
		return err
	}
	if err := k.endAsMoot(ctx, others); err != nil {
		return err
	}
	for _, attester := range c.Attesters {
		if err := k.fineSum(ctx, c, attester, c.Challenger, params); err != nil {
			return err
		}
	}
	if err := k.recallVersion(ctx, round.ResultAdapterId); err != nil {
		return err
	}
	round.OpenCases = 0
	return k.settleSum(ctx, round)
}

// fineSum fines a verifier for the sum that it attested.
func (k Keeper) fineSum(
	ctx context.Context, c types.Case, verifier, challenger string, params types.Params,
) error {
	fine := slashing{
		fault: types.FAULT_WRONG_SUM, subject: c.Id, role: types.ROLE_VERIFIER, caseID: c.Id,
	}
	var err error
	if fine.owner, err = k.address(verifier); err != nil {
		return err
	}
	if challenger != "" {
		if fine.challenger, err = k.address(challenger); err != nil {
			return err
		}
	}
	return k.slash(ctx, params, fine)
}

// endSum settles the sum of a version whose window has passed. An open case settles it as it ends.
func (k Keeper) endSum(ctx context.Context, adapterID uint64) error {
	adapter, err := k.Adapters.Get(ctx, adapterID)
	if err != nil {
		return err
	}
	round, err := k.Rounds.Get(ctx, collections.Join(adapter.PoolId, adapter.Round))
	if err != nil || round.SumEndHeight == 0 || height(ctx) <= round.SumEndHeight ||
		round.OpenCases > 0 {
		return err
	}
	return k.settleSum(ctx, round)
}

// settleSum makes a sum final, or leaves it recalled: nobody answers for it any more.
func (k Keeper) settleSum(ctx context.Context, round types.Round) error {
	round.SumEndHeight = 0
	if err := k.setRound(ctx, round); err != nil {
		return err
	}
	attestations, err := k.attestationsOf(ctx, round.PoolId, round.Number)
	if err != nil {
		return err
	}
	if err := k.forgetAttestations(ctx, attestations); err != nil {
		return err
	}
	if round.ResultAdapterId != 0 {
		adapter, err := k.Adapters.Get(ctx, round.ResultAdapterId)
		if err != nil {
			return err
		}
		if err := k.setAdapter(ctx, adapter, round); err != nil {
			return err
		}
	}
	return k.settleRound(ctx, round)
}

// standInDuties are the moves that an attester is asked for where the spokesman of its sum does not
// make them.
func (s queryServer) standInDuties(
	ctx context.Context, owner sdk.AccAddress,
) ([]types.Duty, error) {
	attested, err := keysOf(ctx, s.keeper.AttestedRounds,
		collections.NewPrefixedTripleRange[sdk.AccAddress, uint64, uint32](owner))
	if err != nil {
		return nil, err
	}
	var duties []types.Duty
	for _, key := range attested {
		open, err := s.keeper.openCasesOfSum(
			ctx, types.Round{PoolId: key.K2(), Number: key.K3()})
		if err != nil {
			return nil, err
		}
		for _, c := range open {
			standsIn, err := s.standsIn(ctx, owner, c)
			if err != nil {
				return nil, err
			}
			if standsIn {
				duties = append(duties, types.Duty{
					Kind: types.DUTY_KIND_POST_TRACE, Id: c.Id,
					FromHeight: c.StandInFrom(), EndHeight: c.Deadline(),
				})
			}
		}
	}
	return duties, nil
}

// standsIn says that an attester who is not the spokesman may make the move that a case waits for.
func (s queryServer) standsIn(
	ctx context.Context, owner sdk.AccAddress, c types.Case,
) (bool, error) {
	spokesman, err := s.keeper.address(c.Defender)
	if err != nil || !c.DefenderMoves() || owner.Equals(spokesman) {
		return false, err
	}
	return s.keeper.defends(ctx, owner, c)
}
