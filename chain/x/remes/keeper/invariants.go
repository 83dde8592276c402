package keeper

import (
	"context"
	"fmt"
	"slices"

	"cosmossdk.io/collections"

	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"

	"r3mes.dev/chain/x/remes/types"
)

// Balances sets each account of the module beside what the records say it must hold. It walks whole
// collections: for tests, for a query, and for an operator who doubts; never inside a block.
func (k Keeper) Balances(ctx context.Context) ([]types.Balance, error) {
	bonds, err := k.recordedBonds(ctx)
	if err != nil {
		return nil, err
	}
	escrow, err := sumOf(ctx, k.Pools.Walk, func(p types.Pool) uint64 { return p.Escrow })
	if err != nil {
		return nil, err
	}
	credited, err := sumOf(ctx, k.Rewards.Walk, func(amount uint64) uint64 { return amount })
	if err != nil {
		return nil, err
	}
	held, err := sumOf(ctx, k.RewardEpochs.Walk, func(e types.RewardEpoch) uint64 {
		return e.Miners + e.Verifiers + e.DataProviders
	})
	if err != nil {
		return nil, err
	}
	insured, err := sumOf(ctx, k.Offences.Walk, func(o types.Offence) uint64 { return o.Insured })
	if err != nil {
		return nil, err
	}
	balances := []types.Balance{
		{Account: types.BondAccountName, Recorded: bonds},
		{Account: types.EscrowAccountName, Recorded: escrow},
		{Account: types.RewardAccountName, Recorded: credited + held},
		{Account: types.InsuranceAccountName, Recorded: insured},
	}
	for i, balance := range balances {
		account := authtypes.NewModuleAddress(balance.Account)
		balances[i].Held = k.bank.GetBalance(ctx, account, Denom).Amount.Uint64()
	}
	return balances, nil
}

func (k Keeper) recordedBonds(ctx context.Context) (uint64, error) {
	bonds, err := sumOf(ctx, k.Bonds.Walk, func(b types.Bond) uint64 { return b.Amount })
	if err != nil {
		return 0, err
	}
	unbondings, err := sumOf(ctx, k.Unbondings.Walk, func(u types.Unbonding) uint64 { return u.Amount })
	if err != nil {
		return 0, err
	}
	deposits, err := sumOf(ctx, k.Datasets.Walk, func(d types.Dataset) uint64 { return d.Deposit })
	if err != nil {
		return 0, err
	}
	challenges, err := sumOf(ctx, k.Cases.Walk, types.Case.LockedBond)
	return bonds + unbondings + deposits + challenges, err
}

// sumOf adds up a field over a whole collection.
func sumOf[R, K, V any](
	ctx context.Context, walk func(context.Context, R, func(K, V) (bool, error)) error, amount func(V) uint64,
) (uint64, error) {
	var sum uint64
	var everything R
	err := walk(ctx, everything, func(_ K, value V) (bool, error) {
		var err error
		sum, err = types.AddAmount(sum, amount(value))
		return err != nil, err
	})
	return sum, err
}

// CheckInvariants says what does not hold (spec/invariants.md). Like Balances it walks everything.
func (k Keeper) CheckInvariants(ctx context.Context) error {
	balances, err := k.Balances(ctx)
	if err != nil {
		return err
	}
	for _, balance := range balances {
		if balance.Held != balance.Recorded {
			return types.ErrModuleBalanceWrong.Wrapf(
				"%s holds %d uremes, the records say %d", balance.Account, balance.Held,
				balance.Recorded)
		}
	}
	if err := k.checkConservation(ctx, balances[2].Held); err != nil {
		return err
	}
	if err := k.checkVerifiers(ctx); err != nil {
		return err
	}
	if err := k.checkDraws(ctx); err != nil {
		return err
	}
	if err := k.checkCounts(ctx); err != nil {
		return err
	}
	if err := k.checkLocks(ctx); err != nil {
		return err
	}
	if err := k.checkEpochs(ctx); err != nil {
		return err
	}
	if err := k.checkSums(ctx); err != nil {
		return err
	}
	if err := k.checkCases(ctx); err != nil {
		return err
	}
	return k.checkInquiries(ctx)
}

// checkSums: as long as the sum of a round is made or may be disputed, its updates are those of the
// submissions that say so, and the bond behind each result is that of its attestations.
func (k Keeper) checkSums(ctx context.Context) error {
	err := k.Rounds.Walk(ctx, nil, func(_ roundKey, r types.Round) (bool, error) {
		if r.Phase != types.ROUND_PHASE_AGGREGATION && !r.SumOpen() {
			return false, nil
		}
		submissions, err := k.submissionsOf(ctx, r.PoolId, r.Number)
		if err != nil {
			return true, err
		}
		summed := slices.DeleteFunc(submissions, func(s types.Submission) bool { return !s.Summed })
		if root := types.RootOfSum(summed); string(root[:]) != string(r.UpdatesRoot) ||
			int(r.Accepted) != len(summed) {
			return true, fmt.Errorf("the sum of round %d of pool %d is not of its %d submissions",
				r.Number, r.PoolId, len(summed))
		}
		return false, nil
	})
	if err != nil {
		return err
	}
	behind := map[string]uint64{}
	resultOf := func(pool uint64, round uint32, result []byte) string {
		return fmt.Sprintf("result %x of round %d of pool %d", result, round, pool)
	}
	err = k.Attestations.Walk(ctx, nil, func(_ attesterKey, a types.Attestation) (bool, error) {
		result := types.ResultOf(a)
		behind[resultOf(a.PoolId, a.Round, result[:])] += a.Bond
		return false, nil
	})
	if err != nil {
		return err
	}
	tallies, err := valuesOf(ctx, k.Tallies, nil)
	if err == nil && len(tallies) != len(behind) {
		err = fmt.Errorf("%d results are counted, %d are attested", len(tallies), len(behind))
	}
	for _, t := range tallies {
		if name := resultOf(t.PoolId, t.Round, t.Result); err == nil && t.Bond != behind[name] {
			err = fmt.Errorf("%s counts a bond of %d, there is %d", name, t.Bond, behind[name])
		}
	}
	return err
}

// checkCases: a submission is disputed as long as cases about it are open, whose number it counts, a
// round counts those about its sum, and every open case waits for a height.
func (k Keeper) checkCases(ctx context.Context) error {
	open, sums := map[uint64]uint32{}, map[[2]uint64]uint32{}
	err := k.Cases.Walk(ctx, nil, func(id uint64, c types.Case) (bool, error) {
		if !c.Open() {
			return false, nil
		}
		if c.Kind == types.CASE_KIND_AGGREGATE {
			sums[[2]uint64{c.PoolId, uint64(c.Round)}]++
		} else {
			open[c.SubmissionId]++
		}
		waits, err := k.Due.Has(
			ctx, collections.Join3(c.Deadline(), int32(types.DUE_KIND_CASE_CLOCK), id),
		)
		if err == nil && !waits {
			err = fmt.Errorf("nothing ends case %d at height %d", id, c.Deadline())
		}
		return err != nil, err
	})
	if err != nil {
		return err
	}
	err = k.Rounds.Walk(ctx, nil, func(_ roundKey, r types.Round) (bool, error) {
		if there := sums[[2]uint64{r.PoolId, uint64(r.Number)}]; r.OpenCases != there {
			return true, fmt.Errorf("round %d of pool %d counts %d cases about its sum, there are %d",
				r.Number, r.PoolId, r.OpenCases, there)
		}
		return false, nil
	})
	if err != nil {
		return err
	}
	return k.Submissions.Walk(ctx, nil, func(id uint64, s types.Submission) (bool, error) {
		disputed := s.Status == types.SUBMISSION_STATUS_DISPUTED
		if s.OpenCases != open[id] || disputed != (open[id] > 0) {
			return true, fmt.Errorf(
				"submission %d is %s and counts %d cases, there are %d", id, s.Status, s.OpenCases,
				open[id],
			)
		}
		return false, nil
	})
}

// checkConservation: what was minted and funded is paid, held or forfeited, and nothing passes a
// cap.
func (k Keeper) checkConservation(ctx context.Context, held uint64) error {
	totals, err := k.totals(ctx)
	if err != nil {
		return err
	}
	if totals.Minted+totals.Funded != totals.Paid+totals.Forfeited+held {
		return types.ErrModuleBalanceWrong.Wrapf(
			"minted %d + funded %d, but paid %d + forfeited %d + held %d",
			totals.Minted, totals.Funded, totals.Paid, totals.Forfeited, held)
	}
	supply := k.bank.GetSupply(ctx, Denom).Amount
	if totals.Minted > types.EmissionCap || !supply.IsUint64() ||
		supply.Uint64() > types.SupplyCap {
		return types.ErrSupplyCapReached.Wrapf("minted %d, supply %s", totals.Minted, supply)
	}
	return nil
}

// checkVerifiers: the set and the sum are what the bonds say, and no bond is locked beyond its
// amount.
func (k Keeper) checkVerifiers(ctx context.Context) error {
	params, err := k.params(ctx)
	if err != nil {
		return err
	}
	var sum uint64
	verifiers := 0
	err = k.Bonds.Walk(ctx, nil, func(key roleKey, bond types.Bond) (bool, error) {
		if bond.Locked > bond.Amount {
			return true, fmt.Errorf(
				"the bond of %s has %d of %d uremes locked", bond.Owner, bond.Locked, bond.Amount,
			)
		}
		if bond.Role != types.ROLE_VERIFIER {
			return false, nil
		}
		if bond.Amount > 0 {
			verifiers++
		}
		indexed, err := k.VerifiersByBond.Has(ctx, collections.Join(bond.Amount, key.K1()))
		if err != nil {
			return true, err
		}
		if indexed != (bond.Amount > 0) {
			return true, fmt.Errorf("%s is not found by its bond of %d", bond.Owner, bond.Amount)
		}
		active, err := k.Verifiers.Has(ctx, key.K1())
		if err != nil {
			return true, err
		}
		if active != (bond.Amount >= params.Bond.Verifier) {
			return true, fmt.Errorf(
				"%s with a bond of %d is in the wrong set", bond.Owner, bond.Amount,
			)
		}
		if active {
			sum += bond.Amount
		}
		return false, nil
	})
	if err != nil {
		return err
	}
	found, err := keysOf(ctx, k.VerifiersByBond, nil)
	if err != nil {
		return err
	}
	if len(found) != verifiers {
		return fmt.Errorf("%d verifiers are found by their bonds, there are %d", len(found), verifiers)
	}
	recorded, err := k.verifierBond(ctx)
	if err == nil && recorded != sum {
		return fmt.Errorf("active verifier bond is %d, the bonds say %d", recorded, sum)
	}
	return err
}

// checkDraws: every epoch that is kept, but for epoch 0, has the list that its beacon draws from, and no
// other list is kept.
func (k Keeper) checkDraws(ctx context.Context) error {
	epochs := 0
	err := k.Epochs.Walk(ctx, nil, func(number uint64, _ types.Epoch) (bool, error) {
		if number == 0 {
			return false, nil
		}
		epochs++
		listed, err := k.EpochVerifiers.Has(ctx, number)
		if err == nil && !listed {
			err = fmt.Errorf("epoch %d has no verifiers to draw from", number)
		}
		return err != nil, err
	})
	if err != nil {
		return err
	}
	lists, err := valuesOf(ctx, k.EpochVerifiers, nil)
	if err == nil && len(lists) != epochs {
		err = fmt.Errorf("%d epochs have lists to draw from, there are %d", len(lists), epochs)
	}
	return err
}

// checkCounts: every round's and pool's count of open submissions is that of the records, and
// whatever waits has a record.
func (k Keeper) checkCounts(ctx context.Context) error {
	pools := map[uint64]uint32{}
	err := k.Submissions.Walk(ctx, nil, func(_ uint64, s types.Submission) (bool, error) {
		if s.Open() {
			pools[s.PoolId]++
		}
		return false, nil
	})
	if err != nil {
		return err
	}
	return k.Pools.Walk(ctx, nil, func(id uint64, pool types.Pool) (bool, error) {
		if pool.OpenSubmissions != pools[id] {
			return true, fmt.Errorf(
				"pool %d counts %d open submissions, there are %d", id, pool.OpenSubmissions,
				pools[id],
			)
		}
		if pool.Status == types.POOL_STATUS_CLOSED && pool.Escrow != 0 {
			return true, fmt.Errorf("pool %d is closed and holds %d uremes", id, pool.Escrow)
		}
		return false, nil
	})
}
