package keeper

import (
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"

	errorsmod "cosmossdk.io/errors"
	"github.com/cosmos/gogoproto/proto"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"r3mes.dev/chain/x/remes/types"
)

// The table of refusals: for every message of the service, every way to be wrong that its fields
// allow. A message without a row for one of them fails the test, and so does a row that no rule asks
// for. What else a message may be refused for stands in the tests of its noun.

// kind is a way to be wrong.
type kind string

const (
	stranger   kind = "of somebody without a part in it"
	early      kind = "one block early"
	late       kind = "one block late"
	wrongPhase kind = "in a wrong phase"
	duplicate  kind = "a second time"
	otherRound kind = "replayed from another round or chunk"
	otherChain kind = "replayed from another chain"
	oversized  kind = "too large"
	badProof   kind = "with a malformed proof"
	wrongLeaf  kind = "with the index of another leaf"
	swapped    kind = "with swapped siblings"
	nothing    kind = "of nothing"
	negative   kind = "of less than nothing, which is too much on the wire"
	tooMuch    kind = "of more than exists"
	unknown    kind = "of a number that nothing has"
	retired    kind = "on a retired model"
	wrongDenom kind = "in another denomination"
)

// windows are the messages that a height or a phase can be wrong for.
var windows = []string{
	"CommitBeacon", "RevealBeacon", "ClaimChunk", "Commit", "Reveal", "OpenStep", "CommitVerdict",
	"RevealVerdict", "Attest", "FindFault", "Challenge", "PostTrace", "Pinpoint", "ExecuteTile",
}

// exempt says why a rule does not hold for a message.
var exempt = map[string]map[kind]string{
	"UpdateParams":  {duplicate: "sets the same parameters again"},
	"SetPoolWeight": {duplicate: "sets the same weight again"},
	"SetOperator":   {duplicate: "sets the same key again"},
	"Bond":          {duplicate: "adds to the bond"},
	"Unbond":        {duplicate: "takes more of the bond"},
	"OpenPool":      {duplicate: "opens another pool"},
	"ClaimChunk": {
		duplicate:  "leases another chunk, as long as the bond has slots",
		wrongPhase: "is early or late",
	},
	"Commit": {early: "nothing precedes the lease", wrongPhase: "a lease ends with training"},
	"Reveal": {wrongPhase: "is early or late"}, "OpenStep": {
		wrongPhase: "is early or late", otherChain: "proves what a commitment bound to its chain"},
	"Attest":    {wrongPhase: "is early or late"},
	"FindFault": {wrongPhase: "is early or late"},
	"Challenge": {wrongPhase: "is early or late"},
	"PostTrace": {
		early:      "the clock runs from the start",
		otherChain: "folds to what a commitment bound to its chain",
	},
	"Pinpoint": {early: "the clock runs from the start"},
	"ExecuteTile": {
		stranger: "anybody may bring the inputs", early: "the clock runs from the start",
		otherChain: "proves inputs under roots that the chain holds",
	},
}

// addresses are the fields that hold an address: of a fixed length, and whose it is is the signer's.
var addresses = []string{
	"Authority", "Owner", "Operator", "Provider", "RoyaltyAddress", "Sponsor", "Challenger",
	"Executor",
}

// applies says that a message can be wrong in a way, by its fields.
func applies(msg proto.Message, k kind) bool {
	message := reflect.TypeOf(msg).Elem()
	has := func(match func(reflect.StructField) bool) bool {
		return slices.ContainsFunc(reflect.VisibleFields(message), match)
	}
	named := func(names ...string) func(reflect.StructField) bool {
		return func(f reflect.StructField) bool { return slices.Contains(names, f.Name) }
	}
	switch k {
	case stranger, duplicate:
		return true
	case early, late, wrongPhase:
		return slices.Contains(windows, method(msg))
	case otherRound, otherChain: // what shows something that was hidden, or proves it
		return has(named("Salt", "Secret", "Opening", "Children", "Inputs"))
	case badProof, wrongLeaf, swapped:
		return has(named("Proof", "RecordProof", "Inputs"))
	case oversized:
		return has(func(f reflect.StructField) bool {
			grows := f.Type.Kind() == reflect.Slice || f.Type.Kind() == reflect.String ||
				slices.Contains([]string{"Model", "Hyperparameters", "Proof"}, f.Name)
			return grows && !slices.Contains(addresses, f.Name)
		})
	case nothing, negative, tooMuch:
		return has(named("Amount", "Budget"))
	case unknown:
		return has(named("Role", "Epoch", "Round", "Model")) ||
			has(func(f reflect.StructField) bool { return strings.HasSuffix(f.Name, "Id") })
	case retired:
		return has(named("ModelId"))
	}
	return has(func(f reflect.StructField) bool { return isMoney(f.Type) }) // wrongDenom
}

// isMoney says that a field holds a denomination. None does: amounts are whole uremes.
func isMoney(field reflect.Type) bool {
	return field == reflect.TypeFor[sdk.Coin]() || field == reflect.TypeFor[sdk.Coins]()
}

// row is one cell of the table. Change makes an accepted message wrong, or its world.
type row struct {
	method string
	kind   kind
	// at is the name of the attempt, where it is not the method's own.
	at     string
	change func(all map[string]attempt, a *attempt)
	want   *errorsmod.Error
}

// field is a row that changes the message alone.
func field[M proto.Message](k kind, change func(M), want *errorsmod.Error) row {
	return fieldAt("", k, change, want)
}

func fieldAt[M proto.Message](at string, k kind, change func(M), want *errorsmod.Error) row {
	return row{
		method: method(*new(M)), kind: k, at: at, want: want,
		change: func(_ map[string]attempt, a *attempt) { change(a.msg.(M)) },
	}
}

// place is a row that changes the world of the message.
func place(method string, k kind, change func(*world), want *errorsmod.Error) row {
	return row{
		method: method, kind: k, want: want,
		change: func(_ map[string]attempt, a *attempt) { change(a.w) },
	}
}

// elsewhere is a row that sends the message in the world of another attempt.
func elsewhere(method string, k kind, world string, want *errorsmod.Error) row {
	return row{
		method: method, kind: k, want: want,
		change: func(all map[string]attempt, a *attempt) { a.w = all[world].w.branch() },
	}
}

// again is a row that sends the message twice.
func again(method string, want *errorsmod.Error) row {
	return row{
		method: method, kind: duplicate, want: want,
		change: func(_ map[string]attempt, a *attempt) { a.w.must(a.w.give(a.msg)) },
	}
}

// name is the account of a name in any world.
func name(of string) string { return (&world{}).address(of) }

func hotKey(of string) string { return (&world{}).operatorOf(of) }

func refusalTable() []row {
	return slices.Concat(
		strangerRows(), numberRows(), amountRows(), sizeRows(), windowRows(), duplicateRows(),
		replayRows(), proofRows(),
	)
}

func strangerRows() []row {
	nobody, other := name("nobody"), hotKey("m2")
	return []row{
		field(stranger, func(m *types.MsgUpdateParams) { m.Authority = nobody }, types.ErrUnauthorized),
		field(stranger, func(m *types.MsgRegisterReferee) { m.Authority = nobody }, types.ErrUnauthorized),
		field(stranger, func(m *types.MsgRegisterModel) { m.Authority = nobody }, types.ErrUnauthorized),
		field(stranger, func(m *types.MsgSetModelStatus) { m.Authority = nobody }, types.ErrUnauthorized),
		field(stranger, func(m *types.MsgSetDatasetStatus) { m.Authority = nobody }, types.ErrUnauthorized),
		field(stranger, func(m *types.MsgSetPoolWeight) { m.Authority = nobody }, types.ErrUnauthorized),
		field(stranger, func(m *types.MsgClosePool) { m.Sponsor = nobody }, types.ErrUnauthorized),
		field(stranger, func(m *types.MsgSetOperator) { m.Operator = hotKey("m1") }, types.ErrOperatorInUse),
		field(stranger, func(m *types.MsgBond) { m.Owner = nobody }, types.ErrParticipantNotFound),
		field(stranger, func(m *types.MsgUnbond) { m.Owner = nobody }, types.ErrBondInsufficient),
		field(stranger, func(m *types.MsgProposeDataset) { m.Provider = nobody }, types.ErrFundsInsufficient),
		field(stranger, func(m *types.MsgOpenPool) { m.Sponsor = nobody }, types.ErrFundsInsufficient),
		field(stranger, func(m *types.MsgCommitBeacon) { m.Operator = hotKey("m1") }, types.ErrRoleInvalid),
		field(stranger, func(m *types.MsgRevealBeacon) { m.Operator = hotKey("m1") }, types.ErrBeaconCommitmentNotFound),
		field(stranger, func(m *types.MsgClaimChunk) { m.Operator = nobody }, types.ErrParticipantNotFound),
		field(stranger, func(m *types.MsgCommit) { m.Operator = other }, types.ErrLeaseOtherMiner),
		field(stranger, func(m *types.MsgReveal) { m.Operator = other }, types.ErrLeaseOtherMiner),
		field(stranger, func(m *types.MsgOpenStep) { m.Operator = other }, types.ErrLeaseOtherMiner),
		field(stranger, func(m *types.MsgCommitVerdict) { m.Operator = other }, types.ErrAuditNotDrawn),
		field(stranger, func(m *types.MsgRevealVerdict) { m.Operator = other }, types.ErrAuditNotDrawn),
		field(stranger, func(m *types.MsgAttest) { m.Operator = other }, types.ErrRoleInvalid),
		field(stranger, func(m *types.MsgFindFault) { m.Operator = other }, types.ErrRoleInvalid),
		field(stranger, func(m *types.MsgChallenge) { m.Challenger = name("m1") }, types.ErrUnauthorized),
		field(stranger, func(m *types.MsgPostTrace) { m.Operator = other }, types.ErrUnauthorized),
		field(stranger, func(m *types.MsgPinpoint) { m.Operator = other }, types.ErrUnauthorized),
		field(stranger, func(m *types.MsgWithdrawRewards) { m.Owner = nobody }, types.ErrRewardNone),
	}
}

func numberRows() []row {
	return []row{
		field(unknown, func(m *types.MsgRegisterModel) { m.Model.RefereeId = hashOf("none") }, types.ErrRefereeNotFound),
		field(unknown, func(m *types.MsgSetModelStatus) { m.Id = 99 }, types.ErrModelNotFound),
		field(unknown, func(m *types.MsgSetDatasetStatus) { m.Id = 99 }, types.ErrDatasetNotFound),
		field(unknown, func(m *types.MsgOpenPool) { m.DatasetId = 99 }, types.ErrDatasetNotFound),
		field(unknown, func(m *types.MsgClosePool) { m.PoolId = 99 }, types.ErrPoolNotFound),
		field(unknown, func(m *types.MsgSetPoolWeight) { m.PoolId = 99 }, types.ErrPoolNotFound),
		field(unknown, func(m *types.MsgBond) { m.Role = 99 }, types.ErrRoleInvalid),
		field(unknown, func(m *types.MsgUnbond) { m.Role = 99 }, types.ErrRoleInvalid),
		field(unknown, func(m *types.MsgCommitBeacon) { m.Epoch = 99 }, types.ErrBeaconEpochWrong),
		field(unknown, func(m *types.MsgRevealBeacon) { m.Epoch = 99 }, types.ErrBeaconCommitmentNotFound),
		field(unknown, func(m *types.MsgClaimChunk) { m.PoolId = 99 }, types.ErrPoolNotFound),
		field(unknown, func(m *types.MsgCommit) { m.LeaseId = 99 }, types.ErrLeaseNotFound),
		field(unknown, func(m *types.MsgReveal) { m.SubmissionId = 99 }, types.ErrSubmissionNotFound),
		field(unknown, func(m *types.MsgOpenStep) { m.SubmissionId = 99 }, types.ErrSubmissionNotFound),
		field(unknown, func(m *types.MsgCommitVerdict) { m.SubmissionId = 99 }, types.ErrSubmissionNotFound),
		field(unknown, func(m *types.MsgRevealVerdict) { m.SubmissionId = 99 }, types.ErrSubmissionNotFound),
		field(unknown, func(m *types.MsgAttest) { m.Round = 99 }, types.ErrRoundNotFound),
		field(unknown, func(m *types.MsgFindFault) { m.SubmissionId = 99 }, types.ErrSubmissionNotFound),
		field(unknown, func(m *types.MsgChallenge) { m.SubmissionId = 99 }, types.ErrSubmissionNotFound),
		field(unknown, func(m *types.MsgPostTrace) { m.CaseId = 99 }, types.ErrCaseNotFound),
		field(unknown, func(m *types.MsgPinpoint) { m.CaseId = 99 }, types.ErrCaseNotFound),
		field(unknown, func(m *types.MsgExecuteTile) { m.CaseId = 99 }, types.ErrCaseNotFound),
		place("OpenPool", retired, func(w *world) {
			do(w, w.msgs.SetModelStatus, &types.MsgSetModelStatus{
				Authority: authority, Id: 1, Status: types.STATUS_RETIRED})
		}, types.ErrModelRetired),
	}
}

func amountRows() []row {
	const minusOne = ^uint64(0)
	return []row{
		field(nothing, func(m *types.MsgBond) { m.Amount = 0 }, types.ErrAmountInvalid),
		field(negative, func(m *types.MsgBond) { m.Amount = minusOne }, types.ErrAmountOutOfRange),
		field(tooMuch, func(m *types.MsgBond) { m.Amount = types.SupplyCap + 1 }, types.ErrAmountOutOfRange),
		field(nothing, func(m *types.MsgUnbond) { m.Amount = 0 }, types.ErrAmountInvalid),
		field(negative, func(m *types.MsgUnbond) { m.Amount = minusOne }, types.ErrBondInsufficient),
		field(tooMuch, func(m *types.MsgUnbond) { m.Amount = types.SupplyCap + 1 }, types.ErrBondInsufficient),
		field(nothing, func(m *types.MsgOpenPool) { m.Budget = 0 }, types.ErrPoolBudgetInsufficient),
		field(negative, func(m *types.MsgOpenPool) { m.Budget = minusOne }, types.ErrPoolBudgetInsufficient),
		field(tooMuch, func(m *types.MsgOpenPool) { m.Budget = types.SupplyCap + 1 }, types.ErrPoolBudgetInsufficient),
	}
}

func sizeRows() []row {
	long := make([]byte, types.HashSize+1)
	return []row{
		field(oversized, func(m *types.MsgRegisterReferee) { m.Module = make([]byte, 1<<20) }, types.ErrRefereeInvalid),
		field(oversized, func(m *types.MsgRegisterModel) { m.Model.Targets = strings.Repeat("q", 257) }, types.ErrModelInvalid),
		field(oversized, func(m *types.MsgProposeDataset) { m.Licence = strings.Repeat("x", 257) }, types.ErrDatasetInvalid),
		field(oversized, func(m *types.MsgOpenPool) { m.Hyperparameters.LearningRates = make([]uint32, 4_097) }, types.ErrPoolInvalid),
		field(oversized, func(m *types.MsgCommitBeacon) { m.Commitment = long }, types.ErrHashLengthInvalid),
		field(oversized, func(m *types.MsgRevealBeacon) { m.Secret = long }, types.ErrHashLengthInvalid),
		field(oversized, func(m *types.MsgCommit) { m.Commitment = long }, types.ErrHashLengthInvalid),
		field(oversized, func(m *types.MsgReveal) { m.UpdateCid = append(m.UpdateCid, 0) }, types.ErrCidInvalid),
		field(oversized, func(m *types.MsgOpenStep) {
			m.Proof.Hashes = append(m.Proof.Hashes, hashOf("x"))
		}, types.ErrOpeningInvalid),
		field(oversized, func(m *types.MsgCommitVerdict) { m.Commitment = long }, types.ErrHashLengthInvalid),
		field(oversized, func(m *types.MsgRevealVerdict) { m.Digest = long }, types.ErrHashLengthInvalid),
		field(oversized, func(m *types.MsgAttest) { m.Cid = append(m.Cid, 0) }, types.ErrAttestationInvalid),
		fieldAt("PostTrace of steps", oversized, func(m *types.MsgPostTrace) {
			m.Children = append(m.Children, m.Children...)
		}, types.ErrTraceInvalid),
		field(oversized, func(m *types.MsgExecuteTile) {
			m.Inputs[0].Payload = make([]byte, 1<<18)
		}, types.ErrMessageTooLarge),
	}
}

// afterDeadline moves a world one block beyond the window of the only submission or case it is
// about.
func afterDeadline(end func(*world) int64) func(*world) {
	return func(w *world) { w.at(end(w) + 1) }
}

func windowRows() []row {
	audit := afterDeadline(func(w *world) int64 { return w.audit(1).EndHeight })
	clock := afterDeadline(func(w *world) int64 {
		file, err := w.keeper.Cases.Get(w.ctx, 1)
		w.must(err)
		return file.Deadline()
	})
	return []row{
		field(early, func(m *types.MsgCommitBeacon) { m.Epoch++ }, types.ErrBeaconEpochWrong),
		field(late, func(m *types.MsgCommitBeacon) { m.Epoch-- }, types.ErrBeaconEpochWrong),
		elsewhere("CommitBeacon", wrongPhase, "RevealBeacon", types.ErrBeaconEpochWrong),
		place("RevealBeacon", early, func(w *world) { w.at(w.epoch(1).StartHeight) }, types.ErrBeaconEpochWrong),
		place("RevealBeacon", late, afterDeadline(func(w *world) int64 { return w.epoch(1).RevealEndHeight }), types.ErrBeaconEpochWrong),
		{method: "RevealBeacon", kind: wrongPhase, want: types.ErrBeaconEpochWrong,
			change: func(all map[string]attempt, a *attempt) { // its epoch has not begun
				commit := all["CommitBeacon"]
				a.w = commit.w.branch()
				a.w.must(a.w.give(commit.msg))
			}},
		place("ClaimChunk", early, func(w *world) {
			round := w.round(1, 1)
			round.Phase = types.ROUND_PHASE_WAITING
			w.must(w.keeper.setRound(w.ctx, round))
		}, types.ErrPhaseWrong),
		place("ClaimChunk", late, func(w *world) { w.at(w.round(1, 1).TrainingEndHeight) }, types.ErrPhaseWrong),
		place("Commit", late, afterDeadline(func(w *world) int64 {
			lease, err := w.keeper.Leases.Get(w.ctx, 1)
			w.must(err)
			return lease.EndHeight
		}), types.ErrLeaseExpired),
		{method: "Reveal", kind: early, want: types.ErrPhaseWrong,
			change: func(all map[string]attempt, a *attempt) { // others still train
				commit := all["Commit"]
				a.w = commit.w.branch()
				a.w.must(a.w.give(commit.msg))
			}},
		place("Reveal", late, afterDeadline(func(w *world) int64 { return w.round(1, 1).LateRevealEndHeight }), types.ErrPhaseWrong),
		{method: "OpenStep", kind: early, want: types.ErrAuditNotFound,
			change: func(all map[string]attempt, a *attempt) { // before the draw
				reveal := all["Reveal"]
				a.w = reveal.w.branch()
				a.w.must(a.w.give(reveal.msg))
			}},
		place("OpenStep", late, audit, types.ErrPhaseWrong),
		elsewhere("CommitVerdict", early, "OpenStep", types.ErrPhaseWrong),
		place("CommitVerdict", late, audit, types.ErrPhaseWrong),
		elsewhere("CommitVerdict", wrongPhase, "RevealVerdict", types.ErrPhaseWrong),
		elsewhere("RevealVerdict", early, "CommitVerdict", types.ErrPhaseWrong),
		place("RevealVerdict", late, audit, types.ErrPhaseWrong),
		elsewhere("RevealVerdict", wrongPhase, "OpenStep", types.ErrPhaseWrong),
		elsewhere("Attest", early, "CommitVerdict", types.ErrAggregationNotOpen),
		place("Attest", late, afterDeadline(func(w *world) int64 { return w.round(1, 1).AttestEndHeight }), types.ErrAggregationNotOpen),
		elsewhere("FindFault", early, "Challenge", types.ErrInquiryNotOpen),
		place("FindFault", late, afterDeadline(func(w *world) int64 { return w.submission(1).Inquiry.EndHeight }), types.ErrInquiryNotOpen),
		elsewhere("Challenge", early, "CommitVerdict", types.ErrChallengeWindowClosed),
		place("Challenge", late, afterDeadline(func(w *world) int64 { return w.submission(1).MatureHeight }), types.ErrChallengeWindowClosed),
		elsewhere("PostTrace", wrongPhase, "Pinpoint of steps", types.ErrCaseMoveWrong),
		place("PostTrace", late, clock, types.ErrCaseClockOut),
		elsewhere("Pinpoint", wrongPhase, "PostTrace of steps", types.ErrCaseMoveWrong),
		place("Pinpoint", late, clock, types.ErrCaseClockOut),
		elsewhere("ExecuteTile", wrongPhase, "Pinpoint of steps", types.ErrCaseMoveWrong),
		place("ExecuteTile", late, clock, types.ErrCaseClockOut),
	}
}

func duplicateRows() []row {
	return []row{
		again("RegisterReferee", types.ErrRefereeExists),
		again("RegisterModel", types.ErrModelExists),
		again("SetModelStatus", types.ErrMessageInvalid),
		again("ProposeDataset", types.ErrDatasetExists),
		again("SetDatasetStatus", types.ErrMessageInvalid),
		again("ClosePool", types.ErrPoolClosed),
		again("CommitBeacon", types.ErrBeaconCommitmentExists),
		again("RevealBeacon", types.ErrBeaconCommitmentExists),
		again("Commit", types.ErrCommitmentExists),
		again("Reveal", types.ErrRevealExists),
		again("OpenStep", types.ErrOpeningExists),
		again("CommitVerdict", types.ErrVerdictExists),
		again("RevealVerdict", types.ErrVerdictExists),
		again("Attest", types.ErrAttestationExists),
		again("FindFault", types.ErrFindingExists),
		again("Challenge", types.ErrChallengeExists),
		again("PostTrace", types.ErrCaseMoveWrong),
		again("Pinpoint", types.ErrCaseMoveWrong),
		again("ExecuteTile", types.ErrCaseClosed),
		again("WithdrawRewards", types.ErrRewardNone),
	}
}

func replayRows() []row {
	onAnotherChain := func(w *world) { w.ctx = w.ctx.WithChainID("remesdev-2") }
	return []row{
		place("RevealBeacon", otherChain, onAnotherChain, types.ErrBeaconMismatch),
		place("Reveal", otherChain, onAnotherChain, types.ErrCommitmentMismatch),
		place("RevealVerdict", otherChain, onAnotherChain, types.ErrVerdictMismatch),
		field(otherRound, func(m *types.MsgRevealBeacon) { m.Secret = hashOf("secret", "v1", 2) }, types.ErrBeaconMismatch),
		{method: "Reveal", kind: otherRound, want: types.ErrCommitmentMismatch,
			change: func(_ map[string]attempt, a *attempt) {
				msg := a.msg.(*types.MsgReveal)
				own := msg.SubmissionId
				*msg = *a.w.reveal(types.Lease{Id: 2, Chunk: a.w.submission(2).Chunk}, "m1")
				msg.SubmissionId = own
			}},
		{method: "OpenStep", kind: otherRound, want: types.ErrOpeningInvalid,
			change: func(_ map[string]attempt, a *attempt) {
				msg, own := a.msg.(*types.MsgOpenStep), a.w.submission(1)
				roots := states(a.w.submission(2).Chunk)
				msg.Opening.RootAfter = roots[a.w.audit(own.Id).Step-1][:]
			}},
		field(otherRound, func(m *types.MsgRevealVerdict) {
			m.Salt = hashOf("verdict", 2, "v1")
		}, types.ErrVerdictMismatch),
		fieldAt("PostTrace of steps", otherRound, func(m *types.MsgPostTrace) {
			m.Children = bytesOf(states(0))
		}, types.ErrTraceInvalid),
		field(otherRound, func(m *types.MsgExecuteTile) {
			table := m.Inputs[slices.IndexFunc(m.Inputs, hasPayload)]
			table.Payload[0] ^= 1
		}, types.ErrMerkleProofInvalid),
	}
}

func hasPayload(input types.TileInput) bool { return len(input.Payload) > 0 }

func proofRows() []row {
	input := func(k kind, change func(*types.TileInput), want *errorsmod.Error) row {
		return field(k, func(m *types.MsgExecuteTile) {
			change(&m.Inputs[slices.IndexFunc(m.Inputs, hasPayload)])
		}, want)
	}
	return []row{
		field(badProof, func(m *types.MsgOpenStep) { m.Proof.Hashes[0] = m.Proof.Hashes[0][1:] }, types.ErrHashLengthInvalid),
		field(wrongLeaf, func(m *types.MsgOpenStep) { m.Opening.Step = m.Opening.Step%localSteps + 1 }, types.ErrOpeningInvalid),
		field(swapped, func(m *types.MsgOpenStep) {
			m.Proof.Hashes[0], m.Opening.RootAfter = m.Opening.RootAfter, m.Proof.Hashes[0]
		}, types.ErrOpeningInvalid),
		fieldAt("PostTrace of operations", badProof, func(m *types.MsgPostTrace) {
			m.Binding.Proof.Hashes = append(m.Binding.Proof.Hashes, hashOf("x"))
		}, types.ErrMerkleProofShapeInvalid),
		fieldAt("PostTrace of tiles", wrongLeaf, func(m *types.MsgPostTrace) { m.RecordProof.Index++ }, types.ErrProgramProofInvalid),
		fieldAt("PostTrace of tiles", swapped, func(m *types.MsgPostTrace) {
			slices.Reverse(m.RecordProof.Siblings)
		}, types.ErrProgramProofInvalid),
		input(badProof, func(i *types.TileInput) {
			i.Proof.Hashes = append(i.Proof.Hashes, hashOf("x"))
		}, types.ErrMerkleProofShapeInvalid),
		input(wrongLeaf, func(i *types.TileInput) { i.TensorProof.Index++ }, types.ErrMerkleIndexInvalid),
		input(swapped, func(i *types.TileInput) { slices.Reverse(i.Proof.Hashes) }, types.ErrMerkleProofInvalid),
	}
}

// firstOf are the attempts by their names, and the first of a method by the method's.
func firstOf(list []attempt) map[string]attempt {
	all := map[string]attempt{}
	for _, a := range list {
		for _, name := range []string{a.name, method(a.msg)} {
			if _, has := all[name]; !has {
				all[name] = a
			}
		}
	}
	return all
}

func TestEveryMessageIsRefusedInEveryWayThatItCanBeWrong(t *testing.T) {
	all, table := firstOf(attempts(t)), refusalTable()
	for _, m := range types.Msg_serviceDesc.Methods {
		for _, k := range []kind{
			stranger, early, late, wrongPhase, duplicate, otherRound, otherChain, oversized, badProof,
			wrongLeaf, swapped, nothing, negative, tooMuch, unknown, retired, wrongDenom,
		} {
			requireRow(t, all[m.MethodName].msg, k, table)
		}
	}
	for _, r := range table {
		t.Run(r.method+" "+string(r.kind), func(t *testing.T) {
			at := r.at
			if at == "" {
				at = r.method
			}
			a := attempt{w: all[at].w.branch(), msg: proto.Clone(all[at].msg)}
			r.change(all, &a)
			err := a.w.give(a.msg)
			if !errors.Is(err, r.want) {
				t.Fatalf("got %v, want %q", err, r.want)
			}
			if err.Error() == r.want.Error() {
				t.Fatal("the refusal tells no facts")
			}
		})
	}
}

func requireRow(t *testing.T, msg proto.Message, k kind, table []row) {
	t.Helper()
	rows := 0
	for _, r := range table {
		if r.method == method(msg) && r.kind == k {
			rows++
		}
	}
	wanted := 0
	if applies(msg, k) && exempt[method(msg)][k] == "" {
		wanted = 1
	}
	if rows != wanted {
		t.Errorf("%s %s: %d rows, want %d", method(msg), k, rows, wanted)
	}
}
