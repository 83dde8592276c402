package app

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/cosmos/gogoproto/proto"

	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/cosmos/cosmos-sdk/types/tx/signing"
	authsigning "github.com/cosmos/cosmos-sdk/x/auth/signing"

	"r3mes.dev/chain/app/params"
	remestypes "r3mes.dev/chain/x/remes/types"
)

var writeAmino = flag.Bool(
	"write-amino", false, "write spec/vectors/amino from what the SDK signs",
)

const aminoVectors = "../../spec/vectors/amino/messages.json"

// aminoCase is a message, and the document that a hardware wallet signs for it.
type aminoCase struct {
	Name     string `json:"name"`
	Method   string `json:"method"`
	Message  string `json:"message"`
	Document string `json:"document"`
}

// TestAminoVectorsAreWhatTheChainVerifies holds the vectors that clients are held to to the SDK's
// sign bytes: of every message with all fields set, and with none.
func TestAminoVectorsAreWhatTheChainVerifies(t *testing.T) {
	app := newApp()
	var cases []aminoCase
	for _, name := range methodsOfTheModule() {
		full, empty := messageOf(t, name), messageOf(t, name)
		count := 0
		fill(reflect.ValueOf(full).Elem(), &count)
		for _, c := range []struct {
			what string
			msg  proto.Message
		}{{"full", full}, {"empty", empty}} {
			body, err := proto.Marshal(c.msg)
			if err != nil {
				t.Fatal(err)
			}
			cases = append(cases, aminoCase{
				Name: name + ", " + c.what, Method: name, Message: hex.EncodeToString(body),
				Document: aminoDocument(t, app, c.msg),
			})
		}
	}
	text := aminoText(t, cases)
	if *writeAmino {
		if err := os.MkdirAll(filepath.Dir(aminoVectors), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(aminoVectors, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	written, err := os.ReadFile(aminoVectors)
	if err != nil {
		t.Fatal(err)
	}
	if string(written) != text {
		t.Fatal("the vectors are not what the chain verifies; -write-amino writes them anew")
	}
}

func methodsOfTheModule() []string {
	var names []string
	for _, m := range remestypes.Msg_serviceDesc.Methods {
		names = append(names, m.MethodName)
	}
	return names
}

// messageOf is an empty message that a method takes.
func messageOf(t *testing.T, name string) proto.Message {
	t.Helper()
	for _, m := range remestypes.Msg_serviceDesc.Methods {
		if m.MethodName != name {
			continue
		}
		var message proto.Message
		_, _ = m.Handler(nil, context.Background(), func(into any) error {
			message = into.(proto.Message)
			return errors.New("not to be handled")
		}, nil)
		return message
	}
	t.Fatalf("no method %s", name)
	return nil
}

// fill sets every field of a message to a value of its own, two in a list.
func fill(value reflect.Value, count *int) {
	*count++
	switch value.Kind() {
	case reflect.Struct:
		for i := range value.NumField() {
			fill(value.Field(i), count)
		}
	case reflect.Pointer:
		value.Set(reflect.New(value.Type().Elem()))
		fill(value.Elem(), count)
	case reflect.Slice:
		value.Set(reflect.MakeSlice(value.Type(), 2, 2))
		for i := range value.Len() {
			fill(value.Index(i), count)
		}
	case reflect.String:
		value.SetString(strings.Repeat("a<&>\"é", *count%2+1))
	case reflect.Bool:
		value.SetBool(true)
	case reflect.Uint8:
		value.SetUint(uint64(250 + *count%6))
	case reflect.Uint32:
		value.SetUint(1<<32 - uint64(*count))
	case reflect.Uint64:
		value.SetUint(^uint64(*count))
	case reflect.Int32: // an enumeration
		value.SetInt(1)
	case reflect.Int64:
		value.SetInt(-int64(*count))
	}
}

func aminoDocument(t *testing.T, app *App, msg sdk.Msg) string {
	t.Helper()
	builder := app.TxConfig().NewTxBuilder()
	if err := builder.SetMsgs(msg); err != nil {
		t.Fatal(err)
	}
	builder.SetMemo("a memo")
	builder.SetGasLimit(200_000)
	builder.SetFeeAmount(sdk.NewCoins(sdk.NewInt64Coin(params.Denom, 200)))
	document, err := authsigning.GetSignBytesAdapter(
		context.Background(), app.TxConfig().SignModeHandler(),
		signing.SignMode_SIGN_MODE_LEGACY_AMINO_JSON, authsigning.SignerData{
			Address: "remes1", ChainID: chainID, AccountNumber: 7, Sequence: 9,
		}, builder.GetTx())
	if err != nil {
		t.Fatalf("%T: %v", msg, err)
	}
	return string(document)
}

// aminoText is the vector file, one case a line.
func aminoText(t *testing.T, cases []aminoCase) string {
	t.Helper()
	lines := make([]string, len(cases))
	for i, c := range cases {
		var line strings.Builder
		encoder := json.NewEncoder(&line)
		encoder.SetEscapeHTML(false)
		if err := encoder.Encode(c); err != nil {
			t.Fatal(err)
		}
		lines[i] = "    " + strings.TrimSuffix(line.String(), "\n")
	}
	return "{\n  \"about\": \"messages, and the documents that hardware wallets sign for them\",\n" +
		"  \"cases\": [\n" + strings.Join(lines, ",\n") + "\n  ]\n}\n"
}
