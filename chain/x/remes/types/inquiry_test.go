package types

import "testing"

// Quorums refer to the bond as the case was lost or to that of now, whichever is more: neither leaving nor
// joining during an inquiry makes them easier.
func TestAnInquiryIsWeighedByTheLargerWhole(t *testing.T) {
	const height, end = 100, 110
	params := RoundParams{AttestQuorumPpm: 600_000}
	valid := Audit{Seats: []Seat{{Verdict: VERDICT_VALID}, {Verdict: VERDICT_INVALID}}}
	accused := Audit{Seats: []Seat{{Verdict: VERDICT_VALID, Wrong: true}}}
	type decided struct{ work, verdicts, closed bool }
	for name, test := range map[string]struct {
		wrong, missed, whole, now uint64
		audit                     Audit
		at                        int64
		want                      decided
	}{
		"nothing is found":                       {0, 0, 10, 10, valid, height, decided{}},
		"nothing is found until the end":         {0, 0, 10, 10, valid, end, decided{closed: true}},
		"the quorum":                             {6, 6, 10, 10, valid, height, decided{true, true, true}},
		"less than the quorum":                   {5, 5, 10, 10, valid, height, decided{}},
		"the quorum of what has left":            {6, 6, 10, 5, valid, height, decided{true, true, true}},
		"less than the quorum of what there was": {5, 5, 10, 5, valid, height, decided{}},
		"less than the quorum of what has come":  {6, 6, 10, 11, valid, height, decided{}},
		"the quorum for the work alone":          {6, 5, 10, 10, valid, height, decided{work: true}},
		"and more than half for verdicts":        {7, 6, 11, 10, valid, end, decided{true, true, true}},
		"half at the end":                        {5, 5, 10, 10, valid, end, decided{closed: true}},
		"no verdict to decide about":             {6, 6, 10, 10, accused, height, decided{work: true, closed: true}},
	} {
		t.Run(name, func(t *testing.T) {
			q := Inquiry{
				WholeBond: test.whole, EndHeight: end, WrongBond: test.wrong, MissedBond: test.missed,
			}.Weigh(test.audit, test.now, params, test.at)
			if got := (decided{q.WorkWrong, q.VerdictsWrong, q.CloseHeight == test.at}); got != test.want {
				t.Errorf("it decides %v, want %v", got, test.want)
			}
		})
	}
}

// What was decided before stays so, whoever joins.
func TestAnInquiryTakesNothingBack(t *testing.T) {
	valid := Audit{Seats: []Seat{{Verdict: VERDICT_VALID}}}
	q := Inquiry{WholeBond: 10, EndHeight: 110, WrongBond: 6, WorkWrong: true}
	if q = q.Weigh(valid, 1_000, RoundParams{AttestQuorumPpm: 600_000}, 110); !q.WorkWrong {
		t.Error("the work is right again")
	}
}
