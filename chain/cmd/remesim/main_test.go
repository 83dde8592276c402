package main

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"r3mes.dev/chain/sim"
)

func TestEachLineIsAnswered(t *testing.T) {
	lines := []string{
		`{"start":{"chainId":"remesdev-1","preset":"dev","time":"1700000000","balances":{}}}`,
		`not JSON`,
		`{"block":{"seconds":1,"transactions":[]}}`,
		`{"block":{"seconds":1}}`, // the last line may end without a line feed
	}
	var out bytes.Buffer
	if err := serve(strings.NewReader(strings.Join(lines, "\n")), &out); err != nil {
		t.Fatal(err)
	}
	answers := strings.Split(strings.TrimSpace(out.String()), "\n")
	if len(answers) != len(lines) {
		t.Fatalf("%d answers to %d lines: %s", len(answers), len(lines), out.String())
	}
	for i, want := range []int64{1, 0, 2, 3} {
		var answer sim.Answer
		if err := json.Unmarshal([]byte(answers[i]), &answer); err != nil {
			t.Fatal(err)
		}
		if answer.Height != want || (answer.Error != "") != (i == 1) {
			t.Errorf("answer %d is %s", i, answers[i])
		}
	}
}
