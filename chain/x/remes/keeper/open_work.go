package keeper

import (
	"context"
	"fmt"

	"cosmossdk.io/collections"

	"r3mes.dev/chain/x/remes/types"
)

// checkLocks: of a miner's bond is locked what its leases and its open submissions hold, and nothing else.
func (k Keeper) checkLocks(ctx context.Context) error {
	held := map[string]uint64{}
	err := k.Leases.Walk(ctx, nil, func(_ uint64, l types.Lease) (bool, error) {
		held[l.Miner] += l.Bond
		return false, nil
	})
	if err != nil {
		return err
	}
	err = k.Submissions.Walk(ctx, nil, func(_ uint64, s types.Submission) (bool, error) {
		if s.Open() {
			held[s.Miner] += s.Bond
		}
		return false, nil
	})
	if err != nil {
		return err
	}
	return k.Bonds.Walk(ctx, nil, func(_ roleKey, bond types.Bond) (bool, error) {
		want := uint64(0)
		if bond.Role == types.ROLE_MINER {
			want = held[bond.Owner]
		}
		if bond.Locked != want {
			return true, fmt.Errorf("of the bond of %s in role %d are %d uremes locked, open work holds %d",
				bond.Owner, bond.Role, bond.Locked, want)
		}
		return false, nil
	})
}

// epochShare is what the open work that counts in an epoch of rewards still has to get.
type epochShare struct {
	work   uint64
	audits uint32
}

// checkEpochs: an epoch of rewards divides what it has among the accepted work that is not paid yet, and
// the valid verdicts about it.
func (k Keeper) checkEpochs(ctx context.Context) error {
	open := map[uint64]epochShare{}
	err := k.Submissions.Walk(ctx, nil, func(_ uint64, s types.Submission) (bool, error) {
		if !s.Open() || s.AcceptedHeight == 0 || s.WeightedWork == 0 {
			return false, nil
		}
		audit, err := k.lastAudit(ctx, s)
		if err != nil {
			return true, err
		}
		sum := open[s.RewardEpoch]
		open[s.RewardEpoch] = epochShare{sum.work + s.WeightedWork, sum.audits + uint32(audit.PaidSeats())}
		return false, nil
	})
	if err != nil {
		return err
	}
	kept := map[uint64]bool{}
	err = k.RewardEpochs.Walk(ctx, nil, func(number uint64, e types.RewardEpoch) (bool, error) {
		kept[number] = true
		if there := (epochShare{e.OpenWork, e.OpenAudits}); there != open[number] {
			return true, fmt.Errorf("epoch %d of rewards owes %v, its work is %v", number, there, open[number])
		}
		if !e.Closed && (e.Work != e.OpenWork || e.Audits != e.OpenAudits) {
			return true, fmt.Errorf("epoch %d of rewards has paid before it is closed", number)
		}
		return false, nil
	})
	if err != nil {
		return err
	}
	for number := range open {
		if !kept[number] {
			return fmt.Errorf("epoch %d of rewards is gone and owes %v", number, open[number])
		}
	}
	return nil
}

// checkInquiries: an inquiry is open about work whose miner lost a case, counts the bond of its findings, and
// waits for a height. No other findings are kept but those of closed ones.
func (k Keeper) checkInquiries(ctx context.Context) error {
	found := map[uint64]types.Inquiry{}
	err := k.Findings.Walk(ctx, nil, func(_ findingKey, f types.Finding) (bool, error) {
		submission, err := k.Submissions.Get(ctx, f.SubmissionId)
		if err != nil {
			return true, err
		}
		audit, err := k.lastAudit(ctx, submission)
		if err != nil {
			return true, err
		}
		found[f.SubmissionId] = found[f.SubmissionId].Count(f, audit)
		return false, nil
	})
	if err != nil {
		return err
	}
	return k.Submissions.Walk(ctx, nil, func(id uint64, s types.Submission) (bool, error) {
		indexed, err := k.OpenInquiries.Has(ctx, id)
		if err != nil {
			return true, err
		}
		asked := s.Asked()
		if indexed != asked || asked && s.Status != types.SUBMISSION_STATUS_FAULTY {
			return true, fmt.Errorf("submission %d is %s, asked about: %t", id, s.Status, indexed)
		}
		counted := types.Inquiry{}
		if s.Inquiry != nil {
			counted = *s.Inquiry
		}
		there := found[id]
		if there.WrongBond != counted.WrongBond || there.MissedBond != counted.MissedBond {
			return true, fmt.Errorf("the inquiry about submission %d counts %d and %d, found by %d and %d",
				id, counted.WrongBond, counted.MissedBond, there.WrongBond, there.MissedBond)
		}
		if !asked {
			return false, nil
		}
		waits, err := k.Due.Has(ctx, collections.Join3(
			counted.EndHeight, int32(types.DUE_KIND_INQUIRY), id))
		if err == nil && !waits {
			err = fmt.Errorf("nothing ends the inquiry about submission %d", id)
		}
		return err != nil, err
	})
}
