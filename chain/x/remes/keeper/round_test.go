package keeper

import (
	"cmp"
	"slices"
	"testing"

	"cosmossdk.io/collections"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"r3mes.dev/chain/x/remes/types"
)

var everybodyValid = map[string]types.Verdict{
	"v1": types.VERDICT_VALID, "v2": types.VERDICT_VALID, "v3": types.VERDICT_VALID,
}

var (
	miners    = []string{"m1", "m2", "m3"}
	verifiers = []string{"v1", "v2", "v3"}
)

// staffed is a world with three miners, three verifiers and an open pool.
func staffed(t testing.TB, change func(*types.Params)) (*world, uint64) {
	w := newWorld(t, change)
	for _, miner := range []string{"m1", "m2", "m3"} {
		w.join(miner, types.ROLE_MINER, 4_000*types.REMES)
	}
	for _, verifier := range verifiers {
		w.join(verifier, types.ROLE_VERIFIER, 6_000*types.REMES)
	}
	return w, w.openPool()
}

// trained has every chunk of the first round committed, one by each miner.
func trained(t testing.TB, change func(*types.Params)) (*world, uint64, []types.Lease) {
	w, pool := staffed(t, change)
	return w, pool, w.train(pool, func(int) {})
}

// train has the chunks of the first round leased one after another, after a word before each, and all
// committed.
func (w *world) train(pool uint64, before func(chunk int)) (leases []types.Lease) {
	w.until("training begins", w.inPhase(pool, 1, types.ROUND_PHASE_TRAINING))
	for i, miner := range miners {
		before(i)
		leases = append(leases, w.lease(pool, miner))
	}
	for i, lease := range leases {
		w.commit(lease, miners[i])
	}
	w.until("reveals begin", w.inPhase(pool, 1, types.ROUND_PHASE_REVEAL))
	return leases
}

// audited has every submission drawn and opened.
func audited(t testing.TB, change func(*types.Params)) (*world, uint64, []types.Lease) {
	w, pool, leases := trained(t, change)
	w.show(leases)
	return w, pool, leases
}

// show has everything revealed, drawn and opened.
func (w *world) show(leases []types.Lease) {
	for i, lease := range leases {
		do(w, w.msgs.Reveal, w.reveal(lease, miners[i]))
	}
	w.until("audits are drawn", func() bool {
		return !slices.ContainsFunc(leases, func(l types.Lease) bool {
			return w.submission(l.Id).Status != types.SUBMISSION_STATUS_DRAWN
		})
	})
	for i, lease := range leases {
		do(w, w.msgs.OpenStep, w.opening(lease.Id, miners[i]))
	}
}

// weigh has governance weigh the work of a pool.
func (w *world) weigh(pool uint64, ppm uint32) {
	do(w, w.msgs.SetPoolWeight, &types.MsgSetPoolWeight{
		Authority: authority, PoolId: pool, EmissionWeightPpm: ppm})
}

func (w *world) attest(pool uint64, round uint32, name string, result any) *types.MsgAttest {
	return &types.MsgAttest{
		Operator: w.operatorOf(name), PoolId: pool, Round: round, Root: hashOf("adapter", result),
		Cid: cidOf("adapter", result), HeldOutLoss: 4_000, MomentumRoot: hashOf("momentum", result),
	}
}

func TestAnHonestRoundMakesAnAdapterAndPaysToTheUnit(t *testing.T) {
	w, pool := staffed(t, unchanged)
	w.weigh(pool, types.Million)
	leases := w.train(pool, func(int) {})
	w.show(leases)
	estimate, err := w.ask.Estimate(w.ctx, &types.QueryEstimateRequest{PoolId: pool})
	w.must(err)
	for _, lease := range leases {
		w.judge(lease.Id, everybodyValid, verifiers...)
	}
	w.until("the sum is asked for", w.inPhase(pool, 1, types.ROUND_PHASE_AGGREGATION))
	for _, verifier := range verifiers {
		do(w, w.msgs.Attest, w.attest(pool, 1, verifier, 1))
	}
	w.next()

	round := w.round(pool, 1)
	if round.Phase != types.ROUND_PHASE_COMPLETE || round.ResultAdapterId != 1 ||
		round.Accepted != chunks {
		t.Fatalf("the round is %v", round)
	}
	if now := w.pool(pool); now.AdapterId != 1 || now.Round != 2 {
		t.Fatalf("the pool is %v", now)
	}
	w.until("everything matures", func() bool { return w.round(pool, 1).OpenSubmissions == 0 })

	// An estimate is of a chunk alone, whose part rounds down by itself.
	if want := workedExample(t)["each miner"].total - 1; estimate.MinerTotal != want {
		t.Errorf("the estimate was %d, want %d", estimate.MinerTotal, want)
	}
	requireWorkedExample(w)
	for _, miner := range []string{"m1", "m2", "m3"} {
		if bond := w.bond(miner, types.ROLE_MINER); bond.Locked != 0 ||
			bond.Amount != 4_000*types.REMES {
			t.Errorf("the bond of %s is %v", miner, bond)
		}
	}
}

func TestALeaseCountsByTheWeightThatItsPoolHadThen(t *testing.T) {
	w, pool := staffed(t, unchanged)
	weights := []uint32{types.Million, 0, types.Million / 2}
	leases := w.train(pool, func(chunk int) { w.weigh(pool, weights[chunk]) })
	w.weigh(pool, types.Million/4) // whoever leases now has this one
	w.show(leases)
	for _, lease := range leases {
		w.judge(lease.Id, everybodyValid, verifiers...)
	}
	w.next()
	whole := testModel(nil).Programs[0].Work * localSteps
	for i, lease := range leases {
		submission := w.submission(lease.Id)
		want := types.PartOf(whole, weights[i])
		if submission.Status != types.SUBMISSION_STATUS_ACCEPTED || submission.WeightedWork != want {
			t.Errorf("leased at %d ppm it is %s and counts %d, want %d",
				weights[i], submission.Status, submission.WeightedWork, want)
		}
	}
}

// Nobody is bound in a round that rests, so it wakes under the parameters of that height, the first lease
// too.
func TestTheLeaseThatWakesARoundLocksASlotOfToday(t *testing.T) {
	w, pool := staffed(t, unchanged)
	w.until("the round rests", func() bool { r := w.round(pool, 1); return r.Resting() })
	w.must(w.decides(func(p *types.Params) { p.Bond.MinerSlot *= 2 }))
	w.next()
	for _, miner := range []string{"m1", "m2"} {
		if lease := w.lease(pool, miner); lease.Bond != 2_000*types.REMES {
			t.Errorf("the lease of %s locks %d", miner, lease.Bond)
		}
	}
}

func TestASettledRoundLeavesOneRoot(t *testing.T) {
	w, pool, leases := audited(t, unchanged)
	for _, lease := range leases {
		w.judge(lease.Id, everybodyValid, verifiers...)
	}
	kept, err := w.keeper.submissionsOf(w.ctx, pool, 1) // as everybody could
	w.must(err)
	w.until("the round carries over", w.inPhase(pool, 1, types.ROUND_PHASE_CARRIED_OVER))
	w.until("everything matures", func() bool { return w.round(pool, 1).OpenSubmissions == 0 })
	if root := recordsRoot(w, kept); !slices.Equal(w.round(pool, 1).SubmissionsRoot, root[:]) {
		t.Fatalf("the root that was kept is %x, of the records it is %x", w.round(pool, 1).SubmissionsRoot, root)
	}
	for name, count := range map[string]func() (int, error){
		"submissions": func() (int, error) { v, err := valuesOf(w.ctx, w.keeper.Submissions, nil); return len(v), err },
		"audits":      func() (int, error) { v, err := valuesOf(w.ctx, w.keeper.Audits, nil); return len(v), err },
		"chunks":      func() (int, error) { v, err := valuesOf(w.ctx, w.keeper.Chunks, nil); return len(v), err },
	} {
		left, err := count()
		w.must(err)
		if left != 0 {
			t.Errorf("%d %s are left", left, name)
		}
	}
}

// recordsRoot is the root of submissions that have matured, in the order of their chunks, which is not the
// one in which they were leased.
func recordsRoot(w *world, submissions []types.Submission) types.Hash {
	w.t.Helper()
	byChunk := func(a, b types.Submission) int { return cmp.Compare(a.Chunk, b.Chunk) }
	if len(submissions) != chunks || slices.IsSortedFunc(submissions, byChunk) {
		w.t.Fatalf("these say nothing about their order: %v", submissions)
	}
	slices.SortFunc(submissions, byChunk)
	records := make([][]byte, len(submissions))
	for i, submission := range submissions {
		submission.Status = types.SUBMISSION_STATUS_MATURE
		records[i] = submission.Record(w.raw(w.nameOf(submission.Miner, miners...)))
	}
	return types.SubmissionsRoot(records)
}

func TestAPoolReturnsWhatItDidNotPay(t *testing.T) {
	w, pool := staffed(t, unchanged)
	w.until("training begins", w.inPhase(pool, 1, types.ROUND_PHASE_TRAINING))
	do(w, w.msgs.ClosePool, &types.MsgClosePool{Sponsor: w.address("sponsor"), PoolId: pool})
	w.until("the pool closes", func() bool { return w.pool(pool).Status == types.POOL_STATUS_CLOSED })
	if left := w.bank.of(w.ctx, w.address("sponsor")); left != purse {
		t.Fatalf("the sponsor has %d", left)
	}
	_, err := deliver(
		w, w.msgs.ClaimChunk, &types.MsgClaimChunk{Operator: w.operatorOf("m1"), PoolId: pool},
	)
	requireRefusal(t, err, types.ErrPhaseWrong)
}

// Pools cost their sponsors little, so one that nobody works for must cost no block anything.
func TestARoundRestsUntilSomebodyLeases(t *testing.T) {
	w, pool := staffed(t, unchanged)
	w.until("training begins", w.inPhase(pool, 1, types.ROUND_PHASE_TRAINING))
	w.lease(pool, "m1")
	w.until("nobody commits in time", func() bool { round := w.round(pool, 1); return round.Resting() })
	if leases, err := valuesOf(w.ctx, w.keeper.Leases, nil); err != nil || len(leases) > 0 {
		t.Fatalf("the leases are %v: %v", leases, err)
	}
	ends, err := keysOf(w.ctx, w.keeper.Due, nil)
	w.must(err)
	for _, due := range ends {
		if types.DueKind(due.K2()) == types.DUE_KIND_TRAINING_END {
			t.Fatalf("something is due at height %d", due.K1())
		}
	}
	w.at(w.height + 1_000)
	lease := w.lease(pool, "m2")
	length := int64(w.pool(pool).TrainingBlocks)
	if round := w.round(pool, 1); round.TrainingEndHeight != w.height+length {
		t.Fatalf("the window ends at height %d", round.TrainingEndHeight)
	}
	w.commit(lease, "m2")
	w.until("the window ends", w.inPhase(pool, 1, types.ROUND_PHASE_REVEAL))
}

func TestAPoolThatRestsCloses(t *testing.T) {
	w, pool := staffed(t, unchanged)
	w.until("training begins", w.inPhase(pool, 1, types.ROUND_PHASE_TRAINING))
	w.lease(pool, "m1")
	w.until("nobody commits in time", func() bool { round := w.round(pool, 1); return round.Resting() })
	do(w, w.msgs.ClosePool, &types.MsgClosePool{Sponsor: w.address("sponsor"), PoolId: pool})
	if status := w.pool(pool).Status; status != types.POOL_STATUS_CLOSED {
		t.Fatalf("the pool is %s", status)
	}
	chunks, err := valuesOf(w.ctx, w.keeper.Chunks, nil)
	w.must(err)
	queued, err := keysOf(w.ctx, w.keeper.QueuedChunks, nil)
	w.must(err)
	if len(chunks) > 0 || len(queued) > 0 {
		t.Fatalf("what is left of it are %v, of them waiting %v", chunks, queued)
	}
}

// retireDataset takes back the approval of what a pool trains on.
func (w *world) retireDataset(pool uint64) {
	w.t.Helper()
	do(w, w.msgs.SetDatasetStatus, &types.MsgSetDatasetStatus{
		Authority: authority, Id: w.pool(pool).DatasetId, Status: types.STATUS_RETIRED})
}

func TestNobodyWakesAPoolOfARetiredDataset(t *testing.T) {
	w, pool := staffed(t, unchanged)
	w.until("training begins", w.inPhase(pool, 1, types.ROUND_PHASE_TRAINING))
	w.until("nobody commits in time", func() bool { round := w.round(pool, 1); return round.Resting() })
	w.retireDataset(pool)
	_, err := deliver(
		w, w.msgs.ClaimChunk, &types.MsgClaimChunk{Operator: w.operatorOf("m1"), PoolId: pool},
	)
	requireRefusal(t, err, types.ErrPoolClosed)
	_, err = deliver(w, w.msgs.ClosePool, &types.MsgClosePool{Sponsor: w.address("m1"), PoolId: pool})
	requireRefusal(t, err, types.ErrUnauthorized)
	purse := w.bank.of(w.ctx, w.address("sponsor"))
	do(w, w.msgs.ClosePool, &types.MsgClosePool{Sponsor: w.address("sponsor"), PoolId: pool})
	w.next()
	if back := w.bank.of(w.ctx, w.address("sponsor")) - purse; back != w.pool(pool).Budget {
		t.Fatalf("%d of %d came back", back, w.pool(pool).Budget)
	}
}

func TestARoundOfARetiredDatasetDoesNotRest(t *testing.T) {
	w, pool := staffed(t, unchanged)
	w.until("training begins", w.inPhase(pool, 1, types.ROUND_PHASE_TRAINING))
	w.lease(pool, "m1")
	w.retireDataset(pool)
	w.until("the pool closes", func() bool {
		return w.pool(pool).Status == types.POOL_STATUS_CLOSED
	})
}

func TestTheQueueIsShuffledByTheBeaconAlone(t *testing.T) {
	w, pool := staffed(t, unchanged)
	w.until("training begins", w.inPhase(pool, 1, types.ROUND_PHASE_TRAINING))
	round := w.round(pool, 1)
	order, err := types.Draw(
		types.QueueSeed(types.Hash(round.Seed)), int(w.pool(pool).ChunksTotal), chunks,
	)
	w.must(err)
	for _, want := range order {
		if lease := w.lease(pool, "m1"); lease.Chunk != uint64(want) {
			t.Fatalf("leased chunk %d, the beacon says %d", lease.Chunk, want)
		}
	}
	_, err = deliver(
		w, w.msgs.ClaimChunk, &types.MsgClaimChunk{Operator: w.operatorOf("m2"), PoolId: pool},
	)
	requireRefusal(t, err, types.ErrChunkNoneLeft)
}

func TestAnExpiredLeaseGoesBackIntoTheQueueAndCostsNoBond(t *testing.T) {
	w, pool := staffed(t, func(p *types.Params) { p.Round.ExpiredLeasesMax = 1 })
	w.until("training begins", w.inPhase(pool, 1, types.ROUND_PHASE_TRAINING))
	lease := w.lease(pool, "m1")
	w.until("the lease expires", func() bool {
		has, err := w.keeper.Leases.Has(w.ctx, lease.Id)
		w.must(err)
		return !has
	})
	if bond := w.bond("m1", types.ROLE_MINER); bond.Amount != 4_000*types.REMES || bond.Locked != 0 {
		t.Fatalf("the bond is %v", bond)
	}
	w.next() // nobody has committed: the training goes on
	_, err := deliver(
		w, w.msgs.ClaimChunk, &types.MsgClaimChunk{Operator: w.operatorOf("m1"), PoolId: pool},
	)
	requireRefusal(t, err, types.ErrLeaseLimitReached)
	if again := w.lease(pool, "m2"); again.Chunk != lease.Chunk {
		t.Fatalf("chunk %d was leased, %d was waiting", again.Chunk, lease.Chunk)
	}
	// Leased once more, and not to everybody who asks: two submissions of one chunk would both be paid.
	if other := w.lease(pool, "m3"); other.Chunk == lease.Chunk {
		t.Fatalf("chunk %d was leased to two", other.Chunk)
	}
}

// untilLeased waits for a height at which chunks of a pool's first round are leased.
func (w *world) untilLeased(pool uint64) {
	w.until("chunks are leased", func() bool {
		round := w.round(pool, 1)
		return round.Resting() || w.height < round.TrainingEndHeight
	})
}

// expire has a miner lease a chunk as soon as it may, and let the lease end. It returns the miner as it is
// then.
func (w *world) expire(pool uint64, name string) types.Participant {
	w.untilLeased(pool)
	lease := w.lease(pool, name)
	w.until("the lease expires", func() bool {
		has, err := w.keeper.Leases.Has(w.ctx, lease.Id)
		w.must(err)
		return !has
	})
	miner, err := w.keeper.Participants.Get(w.ctx, sdk.MustAccAddressFromBech32(w.address(name)))
	w.must(err)
	return miner
}

func TestAMinerThatLeavesChunksBehindIsPausedForLongerEachTime(t *testing.T) {
	w, pool := staffed(t, func(p *types.Params) {
		p.Round.ExpiredLeasesMax, p.Round.LeaseAttemptsMax = 2, 10
		p.Round.ExpiredLeasePauseBlocks = 1 // shorter than a lease
	})
	w.until("training begins", w.inPhase(pool, 1, types.ROUND_PHASE_TRAINING))
	if m := w.expire(pool, "m1"); m.ExpiredLeases != 1 || m.PausedUntil != 0 {
		t.Fatalf("after one lease: %v", m)
	}
	first := int64(w.pool(pool).LeaseBlocks)
	for _, want := range []int64{first, 2 * first, 4 * first} {
		m := w.expire(pool, "m1")
		if m.PauseBlocks != want || m.PausedUntil < w.height-1+want {
			t.Fatalf("at height %d the pause is %v, not of %d blocks", w.height, m, want)
		}
		w.until("the pause ends", func() bool { return w.height >= m.PausedUntil })
	}
	w.untilLeased(pool)
	w.commit(w.lease(pool, "m1"), "m1")
	if m := w.participant("m1"); m.ExpiredLeases != 4 {
		t.Fatalf("a commitment, which may be to nothing, left %d of 4 expired leases", m.ExpiredLeases)
	}
}

func (w *world) participant(name string) types.Participant {
	participant, err := w.keeper.Participants.Get(w.ctx, sdk.MustAccAddressFromBech32(w.address(name)))
	w.must(err)
	return participant
}

// Whoever commits to nothing and keeps it from its verifiers holds a chunk up for a whole round. That cost
// no bond and no pause, and made up for a lease that had expired.
func TestWorkThatNobodyCanCheckIsALeaseLeftBehind(t *testing.T) {
	w, _, leases := audited(t, func(p *types.Params) {
		p.Round.DrawsMax, p.Round.ExpiredLeasesMax = 1, 2
	})
	for _, miner := range miners {
		owner := sdk.MustAccAddressFromBech32(w.address(miner))
		participant := w.participant(miner)
		participant.ExpiredLeases = 1
		w.must(w.keeper.Participants.Set(w.ctx, owner, participant))
	}
	nobodyCan := map[string]types.Verdict{}
	for _, verifier := range verifiers {
		nobodyCan[verifier] = types.VERDICT_CANNOT_CHECK
	}
	w.judge(leases[0].Id, nobodyCan, verifiers...)
	w.judge(leases[1].Id, everybodyValid, verifiers...)
	// All verifiers of the third are silent, which is no word about the work.
	w.until("all are settled", func() bool {
		return w.submission(leases[2].Id).Status == types.SUBMISSION_STATUS_UNCOUNTED
	})
	for i, want := range []uint32{2, 0, 1} {
		miner := w.participant(miners[i])
		if miner.ExpiredLeases != want || (miner.PausedUntil > 0) != (i == 0) {
			t.Errorf("%s left %d leases behind, want %d, and is paused until %d",
				miners[i], miner.ExpiredLeases, want, miner.PausedUntil)
		}
		if bond := w.bond(miners[i], types.ROLE_MINER); bond.Amount != 4_000*types.REMES {
			t.Errorf("%s has a bond of %d", miners[i], bond.Amount)
		}
	}
}

func TestARoundWithoutAQuorumCarriesOver(t *testing.T) {
	w, pool, leases := audited(t, unchanged)
	for _, lease := range leases {
		w.judge(lease.Id, everybodyValid, verifiers...)
	}
	w.until("the sum is asked for", w.inPhase(pool, 1, types.ROUND_PHASE_AGGREGATION))
	do(w, w.msgs.Attest, w.attest(pool, 1, "v1", 1))
	do(w, w.msgs.Attest, w.attest(pool, 1, "v2", 2))
	w.until("the round carries over", w.inPhase(pool, 1, types.ROUND_PHASE_CARRIED_OVER))
	if next := w.round(pool, 2); next.AdapterId != 0 || w.round(pool, 1).AttestWindows != 2 {
		t.Fatalf(
			"the next round starts from %d after %d windows", next.AdapterId,
			w.round(pool, 1).AttestWindows,
		)
	}
	w.until("the case between the two ends", func() bool {
		round := w.round(pool, 1)
		return !round.SumOpen()
	})
	left, err := valuesOf(w.ctx, w.keeper.Attestations, nil)
	w.must(err)
	if len(left) != 0 {
		t.Fatalf("%d attestations are left", len(left))
	}
}

func TestASumMayReachItsQuorumInTheSecondWindow(t *testing.T) {
	w, pool, leases := audited(t, unchanged)
	for _, lease := range leases {
		w.judge(lease.Id, everybodyValid, verifiers...)
	}
	w.until("the sum is asked for", w.inPhase(pool, 1, types.ROUND_PHASE_AGGREGATION))
	first := w.round(pool, 1).AttestEndHeight
	do(w, w.msgs.Attest, w.attest(pool, 1, "v1", 1))
	w.until("the first window passes", func() bool { return w.height > first })
	params, err := w.keeper.params(w.ctx)
	w.must(err)
	last := first + int64(params.Round.AttestBlocks)
	if round := w.round(pool, 1); round.AttestEndHeight != last {
		t.Fatalf("the second window ends at height %d, want %d", round.AttestEndHeight, last)
	}
	w.until("its last block", func() bool { return w.height == last })
	do(w, w.msgs.Attest, w.attest(pool, 1, "v2", 1))
	do(w, w.msgs.Attest, w.attest(pool, 1, "v3", 1))
	w.next()
	if round := w.round(pool, 1); round.Phase != types.ROUND_PHASE_COMPLETE {
		t.Fatalf("the round is %s", round.Phase)
	}
}

// A round of which nothing is left to audit must end all the same, or its pool stands still for ever.
func TestARoundThatNobodyRevealsIsOver(t *testing.T) {
	w, pool, _ := trained(t, unchanged)
	w.until("the round carries over", w.inPhase(pool, 1, types.ROUND_PHASE_CARRIED_OVER))
	if next := w.pool(pool).Round; next != 2 {
		t.Fatalf("the pool is in round %d", next)
	}
	for _, miner := range miners {
		if bond := w.bond(miner, types.ROLE_MINER); bond.Amount != 3_000*types.REMES || bond.Locked != 0 {
			t.Errorf("the bond of %s is %v", miner, bond)
		}
	}
}

// A third of the bond that says nothing delays a round, and does not take it its version.
func TestMoreThanHalfOfTheBondEndsARoundAtLast(t *testing.T) {
	for _, attesters := range []int{2, 1} {
		w, pool, leases := audited(t, unchanged)
		for _, lease := range leases {
			w.judge(lease.Id, everybodyValid, verifiers...)
		}
		w.until("the sum is asked for", w.inPhase(pool, 1, types.ROUND_PHASE_AGGREGATION))
		for _, name := range verifiers[:attesters] {
			do(w, w.msgs.Attest, w.attest(pool, 1, name, 1))
		}
		w.until("a window passes", func() bool { return w.round(pool, 1).AttestWindows == 1 })
		if phase := w.round(pool, 1).Phase; phase != types.ROUND_PHASE_AGGREGATION {
			t.Fatalf("after one window the round is %s", phase)
		}
		w.until("the other passes", func() bool { return w.round(pool, 1).AttestWindows == 2 })
		want := types.ROUND_PHASE_COMPLETE
		if attesters == 1 {
			want = types.ROUND_PHASE_CARRIED_OVER
		}
		if phase := w.round(pool, 1).Phase; phase != want {
			t.Fatalf("with %d of 3 the round is %s", attesters, phase)
		}
	}
}

// Whoever joins while a sum is attested counts, and half is not more than half.
func TestHalfOfTheBondEndsNoRound(t *testing.T) {
	w, pool, leases := audited(t, unchanged)
	for _, lease := range leases {
		w.judge(lease.Id, everybodyValid, verifiers...)
	}
	w.until("the sum is asked for", w.inPhase(pool, 1, types.ROUND_PHASE_AGGREGATION))
	w.join("v4", types.ROLE_VERIFIER, 6_000*types.REMES)
	for _, name := range verifiers[:2] {
		do(w, w.msgs.Attest, w.attest(pool, 1, name, 1))
	}
	w.until("the round carries over", w.inPhase(pool, 1, types.ROUND_PHASE_CARRIED_OVER))
}

func TestSilenceAfterACommitmentIsAFault(t *testing.T) {
	w, pool, leases := trained(t, unchanged)
	do(w, w.msgs.Reveal, w.reveal(leases[0], "m1"))
	round := w.round(pool, 1)
	w.until("the window passes", func() bool { return w.height > round.RevealEndHeight })
	do(w, w.msgs.Reveal, w.reveal(leases[1], "m2"))
	w.until("reveals end", w.inPhase(pool, 1, types.ROUND_PHASE_AUDIT))

	for name, want := range map[string]uint64{
		"m1": 4_000 * types.REMES, // on time
		"m2": 3_980 * types.REMES, // late: 2 % of the slot
		"m3": 3_000 * types.REMES, // never: the whole slot
	} {
		if bond := w.bond(name, types.ROLE_MINER); bond.Amount != want {
			t.Errorf("%s has a bond of %d, want %d", name, bond.Amount, want)
		}
	}
	if status := w.submission(leases[2].Id).Status; status != types.SUBMISSION_STATUS_FAULTY {
		t.Errorf("the silent submission is %s", status)
	}
	// Without a challenger half is burned and half insured.
	totals, err := w.keeper.totals(w.ctx)
	w.must(err)
	if insured := w.bank.of(w.ctx, moduleAddress(types.InsuranceAccountName)); insured != 510*types.REMES || totals.Burned != insured {
		t.Errorf("insured %d, burned %d", insured, totals.Burned)
	}
}

// A fine for lateness takes of a slot, and what is locked with it: a bond of which every unit is
// held by work holds no more than is there.
func TestALateRevealIsPaidByItsSlot(t *testing.T) {
	w := newWorld(t, unchanged)
	for _, miner := range miners {
		w.join(miner, types.ROLE_MINER, 1_000*types.REMES)
	}
	pool := w.openPool()
	w.until("training begins", w.inPhase(pool, 1, types.ROUND_PHASE_TRAINING))
	leases := make([]types.Lease, len(miners))
	for i, miner := range miners {
		leases[i] = w.lease(pool, miner)
		w.commit(leases[i], miner)
	}
	w.until("reveals begin", w.inPhase(pool, 1, types.ROUND_PHASE_REVEAL))
	do(w, w.msgs.Reveal, w.reveal(leases[1], "m2"))
	round := w.round(pool, 1)
	w.until("the window passes", func() bool { return w.height > round.RevealEndHeight })
	do(w, w.msgs.Reveal, w.reveal(leases[0], "m1"))
	w.must(w.keeper.CheckInvariants(w.ctx))

	left := uint64(980 * types.REMES)
	if bond := w.bond("m1", types.ROLE_MINER); bond.Amount != left || bond.Locked != left {
		t.Errorf("the bond is %v", bond)
	}
	if slot := w.submission(leases[0].Id).Bond; slot != left {
		t.Errorf("the slot is %d", slot)
	}
	w.until("nothing is left of the round", w.inPhase(pool, 1, types.ROUND_PHASE_CARRIED_OVER))
	if bond := w.bond("m1", types.ROLE_MINER); bond.Amount != left || bond.Locked != 0 {
		t.Errorf("without anybody to check it the slot returns, and the bond is %v", bond)
	}
}

// Whoever is late loses a part of its slot, and whoever believes that it is too late loses all of it.
func TestARevealIsOwedUntilNoBlockTakesIt(t *testing.T) {
	w, pool, leases := trained(t, unchanged)
	w.until("reveals begin", w.inPhase(pool, 1, types.ROUND_PHASE_REVEAL))
	round := w.round(pool, 1)
	owedUntil := func() int64 {
		answer, err := w.ask.Duties(
			w.ctx, &types.QueryDutiesRequest{Operator: w.operatorOf("m1")},
		)
		w.must(err)
		for _, duty := range answer.Duties {
			if duty.Kind == types.DUTY_KIND_REVEAL && duty.Id == leases[0].Id {
				return duty.EndHeight
			}
		}
		return 0
	}
	w.until("the next block is the last", func() bool { return w.height == round.RevealEndHeight-1 })
	if end := owedUntil(); end != round.RevealEndHeight {
		t.Errorf("in time it is owed until %d", end)
	}
	w.next()
	if end := owedUntil(); end != round.LateRevealEndHeight {
		t.Errorf("late it is owed until %d", end)
	}
	do(w, w.msgs.Reveal, w.reveal(leases[0], "m1"))
}

// Where lateness costs a whole slot nothing is left of it to answer, and the other slots do not.
func TestALateRevealCostsNoOtherSlot(t *testing.T) {
	w, pool, leases := trained(t, func(p *types.Params) { p.Slash.LateRevealPpm = types.Million })
	do(w, w.msgs.Reveal, w.reveal(leases[1], "m2"))
	round := w.round(pool, 1)
	w.until("the window passes", func() bool { return w.height > round.RevealEndHeight })
	do(w, w.msgs.Reveal, w.reveal(leases[0], "m1"))
	w.until("nothing is left of the round", w.inPhase(pool, 1, types.ROUND_PHASE_CARRIED_OVER))
	if bond := w.bond("m1", types.ROLE_MINER); bond.Amount != 3_000*types.REMES || bond.Locked != 0 {
		t.Errorf("late, and without an opening, it has %v", bond)
	}
}

func TestAMinerThatDoesNotOpenItsStepLosesTheSlot(t *testing.T) {
	w, pool, leases := trained(t, unchanged)
	for i, lease := range leases {
		do(w, w.msgs.Reveal, w.reveal(lease, []string{"m1", "m2", "m3"}[i]))
	}
	w.until("nothing is left of the round", w.inPhase(pool, 1, types.ROUND_PHASE_CARRIED_OVER))
	for _, miner := range []string{"m1", "m2", "m3"} {
		if bond := w.bond(miner, types.ROLE_MINER); bond.Amount != 3_000*types.REMES ||
			bond.Locked != 0 {
			t.Errorf("the bond of %s is %v", miner, bond)
		}
	}
}

func TestCannotCheckIsNeverHeldAgainstAnyone(t *testing.T) {
	w, _, leases := audited(t, func(p *types.Params) { p.Round.DrawsMax = 2 })
	id := leases[0].Id
	unable := map[string]types.Verdict{
		"v1": types.VERDICT_CANNOT_CHECK, "v2": types.VERDICT_CANNOT_CHECK,
		"v3": types.VERDICT_CANNOT_CHECK}
	w.judge(id, unable, verifiers...)
	w.until("it is drawn again", func() bool { return w.submission(id).Draws == 2 })
	first, err := w.keeper.Audits.Get(w.ctx, collections.Join(id, uint32(0)))
	w.must(err)
	if second := w.audit(id); slices.Equal(first.Seed, second.Seed) {
		t.Fatal("the second draw uses the first seed")
	}
	do(w, w.msgs.OpenStep, w.opening(id, "m1"))
	w.judge(id, unable, verifiers...)
	w.until("it is left uncounted", func() bool {
		has, err := w.keeper.Submissions.Has(w.ctx, id)
		w.must(err)
		return !has || w.submission(id).Status == types.SUBMISSION_STATUS_UNCOUNTED
	})
	if bond := w.bond("m1", types.ROLE_MINER); bond.Amount != 4_000*types.REMES || bond.Locked != 0 {
		t.Errorf("the miner's bond is %v", bond)
	}
	for _, verifier := range verifiers {
		owner, err := w.keeper.address(w.address(verifier))
		w.must(err)
		fined, err := w.keeper.Offences.Has(
			w.ctx, collections.Join3(owner, int32(types.FAULT_MISSED_AUDIT), id),
		)
		w.must(err)
		if fined {
			t.Errorf("%s was fined for what it could not check", verifier)
		}
	}
}

func TestAVerifierThatStaysSilentPays(t *testing.T) {
	w, _, leases := audited(t, unchanged)
	id := leases[0].Id
	silent := w.nameOf(w.audit(id).Seats[0].Verifier, verifiers...)
	verdicts := map[string]types.Verdict{}
	for _, verifier := range verifiers {
		if verifier != silent {
			verdicts[verifier] = types.VERDICT_VALID
		}
	}
	before := w.bond(silent, types.ROLE_VERIFIER).Amount
	w.judge(id, verdicts, verifiers...)
	w.until("the audit ends", func() bool { return w.submission(id).Status == types.SUBMISSION_STATUS_REVEALED })
	owner, err := w.keeper.address(w.address(silent))
	w.must(err)
	offence, err := w.keeper.Offences.Get(
		w.ctx, collections.Join3(owner, int32(types.FAULT_MISSED_AUDIT), id),
	)
	w.must(err)
	if offence.Taken == 0 || offence.Taken > before/100 {
		t.Fatalf("%d of %d were taken", offence.Taken, before)
	}
}

func TestAVerdictOfInvalidStopsThePayment(t *testing.T) {
	w, pool, leases := audited(t, unchanged)
	id := leases[0].Id
	w.judge(id, map[string]types.Verdict{
		"v1": types.VERDICT_INVALID, "v2": types.VERDICT_INVALID,
		"v3": types.VERDICT_INVALID}, verifiers...)
	w.next()
	if status := w.submission(id).Status; status != types.SUBMISSION_STATUS_DISPUTED {
		t.Fatalf("the submission is %s", status)
	}
	for _, lease := range leases[1:] {
		w.judge(lease.Id, everybodyValid, verifiers...)
	}
	w.until("the round goes on without it", w.inPhase(pool, 1, types.ROUND_PHASE_AGGREGATION))
	if accepted := w.round(pool, 1).Accepted; accepted != 2 {
		t.Fatalf("%d are accepted", accepted)
	}
	if bond := w.bond("m1", types.ROLE_MINER); bond.Locked != 1_000*types.REMES {
		t.Fatalf("the slot of disputed work is free: %v", bond)
	}
}

// eligible are those whom the beacon of the current epoch draws the judges of a miner from.
func (w *world) eligible(miner string) []sdk.AccAddress {
	w.t.Helper()
	epoch, err := w.keeper.currentEpoch(w.ctx)
	w.must(err)
	eligible, err := w.keeper.eligibleVerifiers(w.ctx, epoch.Number, w.address(miner))
	w.must(err)
	return eligible
}

func TestAMinerIsNeverDrawnToItsOwnWork(t *testing.T) {
	w, _, _ := audited(t, func(p *types.Params) { p.Bond.MinerSlot = 100 * types.REMES })
	w.join("both", types.ROLE_VERIFIER, 6_000*types.REMES)
	do(
		w, w.msgs.Bond,
		&types.MsgBond{
			Owner: w.address("both"), Role: types.ROLE_MINER, Amount: 4_000 * types.REMES,
		},
	)
	now, err := w.keeper.currentEpoch(w.ctx)
	w.must(err)
	w.until("the next epoch begins", func() bool { return w.height > now.EndHeight })
	if m1 := w.eligible("m1"); len(m1) != len(verifiers)+1 {
		t.Fatalf("%d are eligible for the work of others", len(m1))
	}
	if eligible := w.eligible("both"); len(eligible) != len(verifiers) {
		t.Fatalf("%d are eligible, want %d", len(eligible), len(verifiers))
	}
}

// A key becomes an operator without being asked, so a miner could keep a verifier from its work, or
// have too few left for an audit.
func TestAMinerChoosesNoJudgeByNamingOne(t *testing.T) {
	w, _, _ := audited(t, unchanged)
	do(w, w.msgs.SetOperator, &types.MsgSetOperator{
		Owner: w.address("m1"), Operator: w.address(verifiers[0])})
	if eligible := w.eligible("m1"); len(eligible) != len(verifiers) {
		t.Fatalf("%d are eligible, want %d", len(eligible), len(verifiers))
	}
}

// Whoever knows the beacon before a draw could try it without each of its verifiers, until it falls on
// others of them.
func TestAVerifierLeavesNoDrawByNamingAMiner(t *testing.T) {
	w, _, _ := audited(t, unchanged)
	before := w.eligible("m1")
	do(w, w.msgs.SetOperator, &types.MsgSetOperator{
		Owner: w.address(verifiers[0]), Operator: w.address("m1")})
	if after := w.eligible("m1"); len(before) != len(verifiers) || len(after) != len(before) {
		t.Fatalf("%d were eligible and %d are", len(before), len(after))
	}
}
