package network

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	banktypes "github.com/cosmos/cosmos-sdk/x/bank/types"
	genutiltypes "github.com/cosmos/cosmos-sdk/x/genutil/types"
	slashingtypes "github.com/cosmos/cosmos-sdk/x/slashing/types"
	stakingtypes "github.com/cosmos/cosmos-sdk/x/staking/types"

	"r3mes.dev/chain/app/params"
)

// newHome is what `remesd init` makes.
func newHome(t *testing.T) string {
	t.Helper()
	home := t.TempDir()
	if _, err := run("current", home, "init", "me", "--chain-id", chainID); err != nil {
		t.Fatal(err)
	}
	return home
}

func TestANewNodeListensToItsOwnMachineOnly(t *testing.T) {
	home := newHome(t)
	listens := regexp.MustCompile(`(?m)^(\w*laddr|address) = "(.*)"$`)
	local := regexp.MustCompile(`^(tcp://)?127\.0\.0\.1:\d+$`)
	for _, name := range []string{"config.toml", "app.toml"} {
		text, err := os.ReadFile(filepath.Join(home, "config", name))
		if err != nil {
			t.Fatal(err)
		}
		found := listens.FindAllStringSubmatch(string(text), -1)
		if len(found) < 2 {
			t.Fatalf("%s names only %d addresses", name, len(found))
		}
		for _, line := range found {
			if line[2] != "" && !local.MatchString(line[2]) {
				t.Errorf("%s says %s", name, line[0])
			}
		}
	}
}

// A flood must not take a node's memory, nor leave no room for the largest transactions that somebody
// owes, which pay for their bytes by their gas.
func TestWhatWaitsAtANewNodeIsBoundedByItsBlocks(t *testing.T) {
	home := newHome(t)
	text, err := os.ReadFile(filepath.Join(home, "config/config.toml"))
	if err != nil {
		t.Fatal(err)
	}
	number := func(name string) int64 {
		line := regexp.MustCompile(`(?m)^` + name + ` = (\d+)$`).FindSubmatch(text)
		if line == nil {
			t.Fatalf("config.toml has no %s", name)
		}
		value, err := strconv.ParseInt(string(line[1]), 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		return value
	}
	genesis, err := genutiltypes.AppGenesisFromFile(filepath.Join(home, "config/genesis.json"))
	if err != nil {
		t.Fatal(err)
	}
	block := genesis.Consensus.Params.Block.MaxBytes
	waiting, one := number("max_txs_bytes"), number("max_tx_bytes")
	if waiting > 16*block {
		t.Errorf("%d bytes may wait, a block takes %d", waiting, block)
	}
	if left := waiting / 4; left < 16*one {
		t.Errorf("%d bytes are left for what is owed, a transaction may have %d", left, one)
	}
}

// newGenesis is the genesis of a new home, and the state of its modules.
func newGenesis(t *testing.T) (*genutiltypes.AppGenesis, map[string]json.RawMessage) {
	t.Helper()
	file := filepath.Join(newHome(t), "config/genesis.json")
	genesis, err := genutiltypes.AppGenesisFromFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var state map[string]json.RawMessage
	if err := json.Unmarshal(genesis.AppState, &state); err != nil {
		t.Fatal(err)
	}
	return genesis, state
}

func TestAValidatorIsNotJailedForARestart(t *testing.T) {
	_, state := newGenesis(t)
	var slashing slashingtypes.GenesisState
	newLender().Codec().MustUnmarshalJSON(state[slashingtypes.ModuleName], &slashing)
	window := slashing.Params.SignedBlocksWindow
	signed := slashing.Params.MinSignedPerWindow.MulInt64(window).RoundInt64()
	if missed := window - signed; missed < 600 {
		t.Fatalf("who misses %d blocks is jailed", missed)
	}
}

func TestEvidenceCountsAsLongAsStakeCanBeSlashed(t *testing.T) {
	genesis, state := newGenesis(t)
	var staking stakingtypes.GenesisState
	lender := newLender()
	lender.Codec().MustUnmarshalJSON(state[stakingtypes.ModuleName], &staking)
	age := genesis.Consensus.Params.Evidence.MaxAgeDuration
	if age < staking.Params.UnbondingTime {
		t.Fatalf("evidence counts for %s, stake unbonds in %s", age, staking.Params.UnbondingTime)
	}
}

func TestAChainSaysHowItsAmountsAreShown(t *testing.T) {
	_, state := newGenesis(t)
	var bank banktypes.GenesisState
	newLender().Codec().MustUnmarshalJSON(state[banktypes.ModuleName], &bank)
	if len(bank.DenomMetadata) != 1 {
		t.Fatalf("%d currencies are described", len(bank.DenomMetadata))
	}
	currency := bank.DenomMetadata[0]
	if err := currency.Validate(); err != nil {
		t.Fatal(err)
	}
	if currency.Base != params.Denom || currency.DenomUnits[1].Exponent != 6 {
		t.Fatalf("it is described as %s", currency.String())
	}
}

func TestANodeReadsOnlySoMuchForAQuestion(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(newHome(t), "config/app.toml"))
	if err != nil {
		t.Fatal(err)
	}
	if !regexp.MustCompile(`(?m)^query-gas-limit = "[1-9]\d*"$`).Match(text) {
		t.Fatal("a question may read without end")
	}
}

// A node proposes what CometBFT shows it again behind each block, and forgets the rest: where it is shown
// nothing again, what waits for long would never be proposed by it.
func TestANodeThatWouldForgetWhatWaitsDoesNotStart(t *testing.T) {
	for setting, says := range map[string]string{
		"recheck = true": "recheck = false", `type = "flood"`: `type = "nop"`,
	} {
		home := newHome(t)
		file := filepath.Join(home, "config/config.toml")
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		changed := strings.Replace(string(text), "\n"+setting+"\n", "\n"+says+"\n", 1)
		if changed == string(text) {
			t.Fatalf("config.toml has no line %s", setting)
		}
		if err := os.WriteFile(file, []byte(changed), 0o600); err != nil {
			t.Fatal(err)
		}
		name, _, _ := strings.Cut(setting, " ")
		if _, err := run("current", home, "start"); err == nil ||
			!strings.Contains(err.Error(), "mempool."+name+" in config.toml is ") {
			t.Errorf("with %s a node ended with %v", says, err)
		}
	}
}
