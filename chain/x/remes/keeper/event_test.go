package keeper

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/cosmos/gogoproto/proto"
	"pgregory.net/rapid"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"r3mes.dev/chain/x/remes/types"
)

// Indexers read events as the SDK writes them.
func TestEventsAreThoseOfTheSDK(t *testing.T) {
	names := append(eventNames(t), numbersAndBytes...)
	rapid.Check(t, func(rt *rapid.T) {
		for _, name := range names {
			event := reflect.New(proto.MessageType(name).Elem())
			fillEvent(rt, event.Elem())
			message := event.Interface().(proto.Message)
			want, err := sdk.TypedEventToEvent(message)
			if err != nil {
				rt.Fatal(err)
			}
			got, err := eventOf(message)
			if err != nil || !reflect.DeepEqual(got, want) {
				rt.Fatalf("%v %v\nis not\n%v", got, err, want)
			}
		}
	})
}

// numbersAndBytes are messages with lists of numbers and of bytes, which no event has yet.
var numbersAndBytes = []string{"remes.v1.Hyperparameters", "remes.v1.MerkleProof"}

// eventNames are all messages of the module that are events.
func eventNames(t *testing.T) []string {
	t.Helper()
	file, err := proto.HybridResolver.FindFileByPath("remes/v1/events.proto")
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for i := range file.Messages().Len() {
		name := string(file.Messages().Get(i).FullName())
		if !strings.HasPrefix(name, "remes.v1.Event") {
			t.Fatalf("%s is no event", name)
		}
		names = append(names, name)
	}
	if !slices.Contains(names, proto.MessageName(&types.EventCommitted{})) {
		t.Fatal("a commitment is no event")
	}
	return names
}

func fillEvent(t *rapid.T, event reflect.Value) {
	for i := range event.NumField() {
		fillField(t, event.Field(i))
	}
}

// fillField draws a value of any kind that a field of an event has.
func fillField(t *rapid.T, field reflect.Value) {
	switch field.Kind() {
	case reflect.Uint64, reflect.Uint32:
		field.SetUint(rapid.Uint64().Draw(t, "number") >> (64 - field.Type().Bits()))
	case reflect.Int64:
		field.SetInt(rapid.Int64().Draw(t, "number"))
	case reflect.Int32: // some are no member of the enumeration
		field.SetInt(rapid.Int64Range(-1, 15).Draw(t, "member"))
	case reflect.Bool:
		field.SetBool(rapid.Bool().Draw(t, "flag"))
	case reflect.String:
		field.SetString(rapid.String().Draw(t, "text"))
	case reflect.Slice:
		if bytes, ok := field.Addr().Interface().(*[]byte); ok {
			*bytes = rapid.SampledFrom([][]byte{nil, {}, {0xff}, []byte("bytes")}).Draw(t, "bytes")
			return
		}
		length := rapid.IntRange(0, 3).Draw(t, "length")
		field.Set(reflect.MakeSlice(field.Type(), length, length))
		for i := range length {
			fillField(t, field.Index(i))
		}
	default:
		t.Fatalf("this test does not fill fields of the kind %s", field.Kind())
	}
}
