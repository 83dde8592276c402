package sim

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/cosmos/gogoproto/proto"

	sdk "github.com/cosmos/cosmos-sdk/types"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"
	banktypes "github.com/cosmos/cosmos-sdk/x/bank/types"

	"r3mes.dev/chain/app/params"
	"r3mes.dev/chain/x/remes/types"
)

func account(name string) string {
	hash := sha256.Sum256([]byte(name))
	return sdk.AccAddress(hash[:types.AddressSize]).String()
}

func message(t testing.TB, msg sdk.Msg) Message {
	t.Helper()
	value, err := proto.Marshal(msg)
	if err != nil {
		t.Fatal(err)
	}
	return Message{TypeURL: sdk.MsgTypeURL(msg), Value: value}
}

// send passes a request through JSON, as the command does.
func send(t testing.TB, chain *Chain, request Request) Answer {
	t.Helper()
	text, err := json.Marshal(request)
	if err != nil {
		t.Fatal(err)
	}
	var read Request
	if err := json.Unmarshal(text, &read); err != nil {
		t.Fatal(err)
	}
	return chain.Handle(read)
}

func started(t testing.TB) *Chain {
	t.Helper()
	chain := &Chain{}
	answer := send(t, chain, Request{Start: &Start{
		ChainID: "remesdev-1", Preset: "dev", Time: 1_700_000_000,
		Balances: map[string]string{
			account("a"): "10000000000", account("b"): "1000000", account("poor"): "1",
		},
	}})
	if answer.Error != "" || answer.Height != 1 {
		t.Fatalf("got %v", answer)
	}
	return chain
}

func join(t testing.TB, name string) Transaction {
	return Transaction{Messages: []Message{
		message(t, &types.MsgSetOperator{Owner: account(name), Operator: account(name)}),
		message(t, &types.MsgBond{
			Owner: account(name), Role: types.ROLE_MINER, Amount: 1_000 * types.REMES,
		}),
	}}
}

func participant(t testing.TB, chain *Chain, name string) (types.QueryParticipantResponse, string) {
	t.Helper()
	data, err := proto.Marshal(&types.QueryParticipantRequest{Owner: account(name)})
	if err != nil {
		t.Fatal(err)
	}
	answer := send(t, chain, Request{Query: &Query{Path: "/remes.v1.Query/Participant", Data: data}})
	var response types.QueryParticipantResponse
	if err := proto.Unmarshal(answer.Value, &response); err != nil {
		t.Fatal(err)
	}
	return response, answer.Error
}

func block(t testing.TB, chain *Chain, transactions ...Transaction) Answer {
	t.Helper()
	answer := send(t, chain, Request{Block: &Block{Seconds: 1, Transactions: transactions}})
	if answer.Error != "" {
		t.Fatal(answer.Error)
	}
	return answer
}

func TestMessagesOfABlockAreExecutedAndPaidFor(t *testing.T) {
	chain := started(t)
	answer := block(t, chain, join(t, "a"), join(t, "poor"))
	if answer.Height != 2 || answer.Transactions[0].Code != 0 || answer.Transactions[0].GasUsed == 0 {
		t.Fatalf("got %v", answer)
	}
	if refused := answer.Transactions[1]; refused.Code == 0 || !strings.Contains(refused.Log, "insufficient") {
		t.Fatalf("an empty purse paid: %v", refused)
	}
	found, failure := participant(t, chain, "a")
	if failure != "" || len(found.Bonds) != 1 || found.Bonds[0].Amount != 1_000*types.REMES {
		t.Fatalf("got %v, %s", found, failure)
	}
	if _, failure := participant(t, chain, "poor"); !strings.Contains(failure, "not registered") {
		t.Fatalf("got %q", failure)
	}
}

func TestARawTransactionIsExecutedAsItIs(t *testing.T) {
	chain := started(t)
	raw, err := chain.encode(join(t, "a"))
	if err != nil {
		t.Fatal(err)
	}
	answer := send(t, chain, Request{Block: &Block{
		Seconds: 1, Transactions: []Transaction{{Raw: raw}}, Check: true,
	}})
	if answer.Error != "" || answer.Broken != "" || answer.Transactions[0].Code != 0 {
		t.Fatalf("got %v", answer)
	}
	if found, failure := participant(t, chain, "a"); failure != "" || len(found.Bonds) != 1 {
		t.Fatalf("got %v, %s", found, failure)
	}
}

// A duty is refunded when it succeeds, which costs gas too: whoever asks for less than an estimate
// with its refund in it runs out of gas.
func TestASimulationEstimatesAllTheGasOfADuty(t *testing.T) {
	chain := started(t)
	secret := types.LeafHash([]byte("secret"))
	address := sha256.Sum256([]byte("a"))
	owner := types.Address(address[:types.AddressSize])
	commitment := types.BeaconCommitmentHash("remesdev-1", 1, owner, secret)
	name := account("a")
	block(t, chain, Transaction{Messages: []Message{
		message(t, &types.MsgSetOperator{Owner: name, Operator: name}),
		message(t, &types.MsgBond{Owner: name, Role: types.ROLE_VERIFIER, Amount: 5_000 * types.REMES}),
		message(t, &types.MsgCommitBeacon{Operator: name, Epoch: 1, Commitment: commitment[:]}),
	}})
	reveal, err := chain.encode(Transaction{Messages: []Message{
		message(t, &types.MsgRevealBeacon{Operator: name, Epoch: 1, Secret: secret[:]}),
	}})
	if err != nil {
		t.Fatal(err)
	}
	for range 20 {
		estimate := send(t, chain, Request{Simulate: &Simulate{Raw: reveal}})
		if estimate.Error != "" { // its epoch has not begun
			block(t, chain)
			continue
		}
		done := block(t, chain, Transaction{Raw: reveal}).Transactions[0]
		if done.Code != 0 || done.GasUsed > int64(estimate.GasUsed) {
			t.Fatalf("estimated %d, used %d: %s", estimate.GasUsed, done.GasUsed, done.Log)
		}
		return
	}
	t.Fatal("the epoch did not begin")
}

func TestGovernanceSpeaksWithoutAFee(t *testing.T) {
	chain := started(t)
	authority := authtypes.NewModuleAddress("gov").String()
	changed, err := types.PresetParams(types.PresetDev)
	if err != nil {
		t.Fatal(err)
	}
	answer := block(t, chain, Transaction{Messages: []Message{
		message(t, &types.MsgUpdateParams{Authority: authority, Params: changed}),
	}}, Transaction{Messages: []Message{
		message(t, &types.MsgUpdateParams{Authority: account("a"), Params: changed}),
	}})
	if answer.Transactions[0].Code != 0 || answer.Transactions[1].Codespace != types.ModuleName {
		t.Fatalf("got %v", answer.Transactions)
	}
}

func TestTheSameRequestsGiveTheSameHashes(t *testing.T) {
	var hashes [2]string
	for i := range hashes {
		chain := started(t)
		block(t, chain, join(t, "a"))
		for range 20 { // epochs begin and end meanwhile
			hashes[i] += block(t, chain).AppHash
		}
	}
	if hashes[0] != hashes[1] {
		t.Fatal("two runs differ")
	}
}

func TestARestoredChainGoesOnAsTheFirstDid(t *testing.T) {
	chain := started(t)
	block(t, chain, join(t, "a"))
	taken := send(t, chain, Request{Snapshot: &struct{}{}})
	unbond := Transaction{Messages: []Message{message(t, &types.MsgUnbond{
		Owner: account("a"), Role: types.ROLE_MINER, Amount: 1_000 * types.REMES,
	})}}
	first := block(t, chain, unbond)
	for range 3 {
		block(t, chain)
	}
	back := send(t, chain, Request{Restore: &Restore{Snapshot: taken.Snapshot}})
	if back.Error != "" || back.AppHash != taken.AppHash || back.Height != taken.Height {
		t.Fatalf("restored to %v, snapshot was %v", back, taken)
	}
	if again := block(t, chain, unbond); again.AppHash != first.AppHash {
		t.Fatal("the restored chain made another block")
	}
}

func TestRequestsThatCannotBeDoneAreAnswered(t *testing.T) {
	empty := &Chain{}
	for name, request := range map[string]Request{
		"a block before the start": {Block: &Block{}},
		"an unknown preset":        {Start: &Start{ChainID: "remesdev-1", Preset: "x"}},
		"a bad address": {Start: &Start{
			ChainID: "remesdev-1", Preset: "dev", Balances: map[string]string{"remes1": "1"}}},
		"no money": {Start: &Start{
			ChainID: "remesdev-1", Preset: "dev", Balances: map[string]string{account("a"): "-1"}}},
	} {
		if send(t, empty, request).Error == "" {
			t.Errorf("%s: accepted", name)
		}
	}
	chain := started(t)
	for name, request := range map[string]Request{
		"nothing":             {},
		"an unknown snapshot": {Restore: &Restore{Snapshot: 1}},
		"an unknown query":    {Query: &Query{Path: "/remes.v1.Query/Nothing"}},
		"an unknown message": {Block: &Block{Transactions: []Transaction{{
			Messages: []Message{{TypeURL: "/remes.v1.MsgNothing"}}}}}},
	} {
		if answer := send(t, chain, request); answer.Error == "" || answer.Height != 1 {
			t.Errorf("%s: answered %v", name, answer)
		}
	}
}

func BenchmarkBlocks(b *testing.B) {
	for _, size := range []int{0, 1, 20} {
		b.Run(fmt.Sprint(size), func(b *testing.B) {
			chain := started(b)
			pay := Transaction{Gas: 200_000, Messages: []Message{message(b, &banktypes.MsgSend{
				FromAddress: account("a"), ToAddress: account("b"),
				Amount: sdk.NewCoins(sdk.NewInt64Coin(params.Denom, 1)),
			})}}
			transactions := make([]Transaction, size)
			for i := range transactions {
				transactions[i] = pay
			}
			for b.Loop() {
				block(b, chain, transactions...)
			}
		})
	}
}
