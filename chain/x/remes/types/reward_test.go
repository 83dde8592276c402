package types

import (
	"testing"

	"pgregory.net/rapid"
)

func TestEmissionOfAnEpoch(t *testing.T) {
	params := mainParams().Reward
	const year = 30_000_000 * REMES
	for name, c := range map[string]struct {
		work, minted, supply uint64
		audits               uint32
		want                 uint64
	}{
		"no work":                      {0, 0, 0, 2, 0},
		"the target":                   {params.TargetWork, 0, 0, 2, year / 365},
		"twice the target":             {2 * params.TargetWork, 0, 0, 2, year / 365},
		"half the target":              {params.TargetWork / 2, 0, 0, 2, year / 365 / 2},
		"without audits":               {params.TargetWork, 0, 0, 0, year/365 - year/365*8/100},
		"the emission is nearly spent": {params.TargetWork, EmissionCap - 7, 0, 2, 7},
		"the supply is nearly full":    {params.TargetWork, 0, SupplyCap - 7, 2, 7},
		"the supply is over its cap":   {params.TargetWork, 0, SupplyCap + 7, 2, 0},
	} {
		t.Run(name, func(t *testing.T) {
			totals := AdvanceYear(Totals{Minted: c.minted}, params)
			epoch, validators, err := CloseRewardEpoch(
				RewardEpoch{Work: c.work, Audits: c.audits}, totals, c.supply, params,
			)
			if err != nil {
				t.Fatal(err)
			}
			if epoch.Minted != c.want {
				t.Errorf("minted %d, want %d", epoch.Minted, c.want)
			}
			if held := epoch.Miners + epoch.Verifiers + epoch.DataProviders + validators; held != epoch.Minted {
				t.Errorf("minted %d, divided %d", epoch.Minted, held)
			}
		})
	}
}

func TestTheEmissionDecaysByATenthAYearAndStaysBelowItsCap(t *testing.T) {
	params := mainParams().Reward
	totals, sum := Totals{}, uint64(0)
	for epoch := range 400 * params.EpochsPerYear {
		totals = AdvanceYear(totals, params)
		sum += params.epochBudget(totals)
		switch year := epoch / params.EpochsPerYear; {
		case year < 100 && totals.Year != year: // by then an epoch has two REMES
			t.Fatalf("epoch %d is in year %d", epoch, totals.Year)
		case year == 1 && totals.YearBudget != 27_000_000*REMES:
			t.Fatalf("the second year has %d", totals.YearBudget)
		}
	}
	if sum > EmissionCap || sum < EmissionCap*999/1000 {
		t.Fatalf("400 years emit %d", sum)
	}
}

func TestAYearGivesWhatItHasHoweverItsEpochsAreCut(t *testing.T) {
	days := mainParams().Reward
	hours := days
	hours.EpochsPerYear *= 24
	for name, orders := range map[string][2]RewardParams{
		"days, then hours": {days, hours}, "hours, then days": {hours, days},
	} {
		t.Run(name, func(t *testing.T) {
			totals, half := Totals{}, orders[0].EpochsPerYear/2
			for range half {
				totals = AdvanceYear(totals, orders[0])
			}
			epochs := uint32(0)
			for ; totals.Year == 0; epochs++ {
				totals = AdvanceYear(totals, orders[1])
			}
			if rest := orders[1].EpochsPerYear - orders[1].EpochsPerYear/2; epochs < rest || epochs > rest+25 {
				t.Fatalf("half a year had %d epochs", epochs)
			}
		})
	}
}

// However the work of an epoch is cut into submissions, all of it is paid and no more.
func TestAnEpochIsPaidOutToTheLastUnit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		works := rapid.SliceOfN(rapid.Uint64Range(1, 1<<50), 1, 20).Draw(t, "works")
		epoch := RewardEpoch{}
		for _, work := range works {
			epoch, _ = AddWork(epoch, work, 2)
		}
		params := mainParams().Reward
		params.TargetWork = rapid.Uint64Range(1, 1<<60).Draw(t, "target")
		epoch, validators, err := CloseRewardEpoch(
			epoch, AdvanceYear(Totals{}, params), 0, params,
		)
		if err != nil {
			t.Fatal(err)
		}
		paid := validators
		for _, work := range works {
			var payment Payment
			if epoch, payment, err = PayFromEpoch(epoch, work, 2); err != nil {
				t.Fatal(err)
			}
			paid += payment.Total()
		}
		if paid != epoch.Minted || epoch.OpenWork != 0 || epoch.OpenAudits != 0 {
			t.Fatalf("minted %d, paid %d", epoch.Minted, paid)
		}
	})
}

func TestAPriceIsDividedWhole(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		price := rapid.Uint64Range(0, SupplyCap).Draw(t, "price")
		seats := rapid.IntRange(0, 16).Draw(t, "seats")
		if total := PayFromPool(price, seats, mainParams().Reward).Total(); total != price {
			t.Fatalf("of %d, %d are paid", price, total)
		}
	})
}

func TestASlashNeverTakesMoreThanThereIs(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		amounts := rapid.SliceOfN(rapid.Uint64Range(0, 1_000), 0, UnbondingsMax).Draw(
			t, "unbondings",
		)
		bond := Bond{Amount: rapid.Uint64Range(0, 1_000).Draw(t, "bond")}
		before := bond.Amount
		var unbondings []Unbonding
		for _, amount := range amounts {
			unbondings = append(unbondings, Unbonding{Amount: amount})
			before += amount
		}
		wanted := rapid.Uint64Range(0, 10_000).Draw(t, "wanted")
		bond, left, taken := TakeBond(bond, unbondings, wanted)
		after := bond.Amount
		for _, unbonding := range left {
			after += unbonding.Amount
		}
		if taken != min(wanted, before) || after != before-taken {
			t.Fatalf("of %d, %d were wanted, %d taken, %d are left", before, wanted, taken, after)
		}
		parts := SplitSlash(taken, mainParams().Slash, rapid.Bool().Draw(t, "challenged"))
		if parts.Burned+parts.Awarded+parts.Insured != taken {
			t.Fatalf("%d was divided into %v", taken, parts)
		}
	})
}
