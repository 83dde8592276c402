package keeper

import (
	"flag"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	errorsmod "cosmossdk.io/errors"
	"github.com/cosmos/gogoproto/proto"

	"r3mes.dev/chain/x/remes/types"
)

// Messages of bytes and of broken fields. Whatever arrives at a handler is refused with a code of
// the catalogue, or accepted with every invariant intact; nothing panics.

var (
	mutants     = flag.Int("mutants", 3_000, "messages that TestMutatedMessages sends")
	mutantsSeed = flag.Uint64("mutants-seed", 1, "seed of TestMutatedMessages")
)

// FuzzMessages decodes bytes as a message of any method and delivers it in any of the worlds of the
// attempts.
func FuzzMessages(f *testing.F) {
	all := attempts(f)
	methods := types.Msg_serviceDesc.Methods
	for i, a := range all {
		body, err := proto.Marshal(a.msg)
		if err != nil {
			f.Fatal(err)
		}
		at := slices.IndexFunc(methods, isMethod(method(a.msg)))
		f.Add(uint8(i), uint8(at), body)
	}
	f.Fuzz(func(t *testing.T, place, at uint8, body []byte) {
		a := all[int(place)%len(all)]
		requireSound(t, a.w, methods[int(at)%len(methods)].MethodName, body)
	})
}

// requireSound delivers the bytes of a message in a branch of a world, says whether they were
// accepted, and goes on for two blocks if so.
func requireSound(t testing.TB, w *world, name string, body []byte) bool {
	branch := w.branch()
	branch.t = t
	decoded := false
	err := branch.call(name, func(into any) error {
		err := proto.Unmarshal(body, into.(proto.Message))
		decoded = err == nil
		return err
	})
	if err != nil {
		if space, code, _ := errorsmod.ABCIInfo(err, false); decoded && space != types.ModuleName {
			t.Fatalf("%s %x is refused with code %d of %q: %v", name, body, code, space, err)
		}
		return false
	}
	branch.next()
	branch.next()
	return true
}

// TestMutatedMessages sends messages that were accepted, each with something changed in its fields
// or in its bytes. `-mutants 1000000` is the long run; a failure names the message and its seed.
func TestMutatedMessages(t *testing.T) {
	all := attempts(t)
	accepted := 0
	for i := range *mutants {
		seed := *mutantsSeed + uint64(i)
		random := rand.New(rand.NewPCG(seed, 0))
		a := all[random.IntN(len(all))]
		msg := proto.Clone(a.msg)
		for range 1 + random.IntN(2) {
			changeField(random, reflect.ValueOf(msg).Elem())
		}
		body, err := proto.Marshal(msg)
		if err != nil {
			t.Fatal(err)
		}
		if random.IntN(3) == 0 {
			body = changeBytes(random, body)
		}
		func() {
			defer func() {
				if failure := recover(); failure != nil {
					t.Errorf("%s %x panics (-mutants 1 -mutants-seed %d): %v", a.name, body, seed, failure)
				}
			}()
			if requireSound(t, a.w, method(a.msg), body) {
				accepted++
			}
		}()
	}
	t.Logf("%d messages from seed %d, %d accepted", *mutants, *mutantsSeed, accepted)
	if *mutants > 1_000 && (accepted == 0 || accepted == *mutants) {
		t.Fatal("the changes are too wild or too tame to say anything")
	}
}

// changeField sets one field of a message, at any depth, to a value that somebody might send.
func changeField(random *rand.Rand, value reflect.Value) {
	switch value.Kind() {
	case reflect.Pointer:
		if value.IsNil() || random.IntN(4) == 0 {
			value.SetZero()
			return
		}
		changeField(random, value.Elem())
	case reflect.Struct:
		changeField(random, value.Field(random.IntN(value.NumField())))
	case reflect.Uint32, reflect.Uint64:
		value.SetUint([]uint64{0, 1, value.Uint() + 1, value.Uint() - 1, 255, 256, 1 << 31,
			types.SupplyCap, ^uint64(0), random.Uint64()}[random.IntN(10)])
	case reflect.Int32, reflect.Int64:
		value.SetInt([]int64{0, 1, -1, value.Int() + 1, 99, -1 << 63, 1<<63 - 1}[random.IntN(7)])
	case reflect.String:
		value.SetString([]string{"", "x", name("nobody"), hotKey("m1"), hotKey("v1"), name("c"),
			name("m1"), name("v1")}[random.IntN(8)])
	case reflect.Slice:
		changeSlice(random, value)
	}
}

func changeSlice(random *rand.Rand, value reflect.Value) {
	length := value.Len()
	switch random.IntN(6) {
	case 0:
		value.SetZero()
	case 1:
		value.SetLen(length / 2)
	case 2:
		if length < 1_000 {
			value.Set(reflect.AppendSlice(value, value.Slice(0, length)))
		}
	default:
		if length == 0 {
			return
		}
		element := value.Index(random.IntN(length))
		if element.Kind() == reflect.Uint8 {
			element.SetUint(element.Uint() ^ 1<<random.IntN(8))
			return
		}
		if other := random.IntN(length); random.IntN(3) == 0 {
			reflect.Swapper(value.Interface())(other, random.IntN(length))
			return
		}
		changeField(random, element)
	}
}

// changeBytes flips, cuts or repeats a part of an encoded message.
func changeBytes(random *rand.Rand, body []byte) []byte {
	if len(body) == 0 {
		return []byte{byte(random.Uint32())}
	}
	body = slices.Clone(body)
	at := random.IntN(len(body))
	switch random.IntN(3) {
	case 0:
		body[at] ^= 1 << random.IntN(8)
	case 1:
		return body[:at]
	default:
		return append(body, body[at:]...)
	}
	return body
}
