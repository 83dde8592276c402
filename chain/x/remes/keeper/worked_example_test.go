package keeper

import (
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"r3mes.dev/chain/x/remes/types"
)

// share is a row of the worked example in spec/reward.md, in uremes.
type share struct{ price, minted, total uint64 }

var exampleRow = regexp.MustCompile(`(?m)^\| ([a-z ]+) \| ([\d,]+) \| ([\d,]+) \| ([\d,]+) \|$`)

// workedExample reads the table of the example: who gets what.
func workedExample(t testing.TB) map[string]share {
	t.Helper()
	text, err := os.ReadFile("../../../../spec/reward.md")
	if err != nil {
		t.Fatal(err)
	}
	rows := map[string]share{}
	for _, row := range exampleRow.FindAllStringSubmatch(string(text), -1) {
		amounts := [3]uint64{}
		for i, digits := range row[2:] {
			amounts[i], err = strconv.ParseUint(strings.ReplaceAll(digits, ",", ""), 10, 64)
			if err != nil {
				t.Fatal(err)
			}
		}
		rows[row[1]] = share{amounts[0], amounts[1], amounts[2]}
	}
	if len(rows) != 6 {
		t.Fatalf("the example has %d rows", len(rows))
	}
	return rows
}

// requireWorkedExample withdraws what everybody has earned by one honest round, to the unit.
func requireWorkedExample(w *world) {
	w.t.Helper()
	want := workedExample(w.t)
	totals, err := w.keeper.totals(w.ctx)
	w.must(err)
	if totals.Minted != want["everybody"].minted || totals.Funded != want["everybody"].price {
		w.t.Errorf("minted %d, paid by the pool %d", totals.Minted, totals.Funded)
	}
	for who, names := range map[string][]string{
		"three miners": miners, "six seats of verifiers": verifiers, "data provider": {"royalty"},
	} {
		var got uint64
		for _, name := range names {
			paid := do(w, w.msgs.WithdrawRewards, &types.MsgWithdrawRewards{
				Owner: w.address(name)}).Amount
			if who == "three miners" && paid != want["each miner"].total {
				w.t.Errorf("%s was paid %d", name, paid)
			}
			got += paid
		}
		if got != want[who].total {
			w.t.Errorf("%s: paid %d, want %d", who, got, want[who].total)
		}
	}
	validators := w.bank.of(w.ctx, moduleAddress("fee_collector"))
	if validators != want["validators"].total {
		w.t.Errorf("the validators were paid %d", validators)
	}
	again := &types.MsgWithdrawRewards{Owner: w.address("m1")}
	_, err = deliver(w, w.msgs.WithdrawRewards, again)
	requireRefusal(w.t, err, types.ErrRewardNone)
}
