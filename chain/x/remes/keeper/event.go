package keeper

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"

	abci "github.com/cometbft/cometbft/abci/types"
	"github.com/cosmos/gogoproto/proto"

	sdk "github.com/cosmos/cosmos-sdk/types"
)

// emit announces a typed event.
func emit(ctx context.Context, event proto.Message) error {
	announced, err := eventOf(event)
	if err != nil {
		return err
	}
	sdk.UnwrapSDKContext(ctx).EventManager().EmitEvent(announced)
	return nil
}

// attribute is a field of a typed event.
type attribute struct {
	name  string
	place int
}

// attributesOf keeps the fields of each type of event, which the order of first use cannot change.
var attributesOf sync.Map // of reflect.Type to []attribute

// eventOf is what sdk.TypedEventToEvent makes of a message: one attribute a field, in the order of
// their names, each in the JSON of protobuf. The SDK writes the whole message as JSON and reads it
// again, which takes longer than all else that a small message does.
func eventOf(message proto.Message) (sdk.Event, error) {
	value := reflect.ValueOf(message).Elem()
	fields, known := attributesOf.Load(value.Type())
	if !known {
		fields, _ = attributesOf.LoadOrStore(value.Type(), fieldsOf(value.Type()))
	}
	attributes := make([]abci.EventAttribute, len(fields.([]attribute)))
	for i, field := range fields.([]attribute) {
		text, err := jsonOf(value.Field(field.place))
		if err != nil {
			return sdk.Event{}, err
		}
		attributes[i] = abci.EventAttribute{Key: field.name, Value: text}
	}
	return sdk.Event{Type: proto.MessageName(message), Attributes: attributes}, nil
}

func fieldsOf(event reflect.Type) []attribute {
	var fields []attribute
	for i, property := range proto.GetProperties(event).Prop {
		if property.Tag > 0 {
			fields = append(fields, attribute{name: property.OrigName, place: i})
		}
	}
	slices.SortFunc(fields, func(a, b attribute) int { return strings.Compare(a.name, b.name) })
	return fields
}

// jsonOf is a field in the JSON of protobuf: numbers of 64 bits are strings, bytes base64, members
// of an enumeration their names.
func jsonOf(field reflect.Value) (string, error) {
	switch field.Kind() {
	case reflect.Uint64:
		return `"` + strconv.FormatUint(field.Uint(), 10) + `"`, nil
	case reflect.Int64:
		return `"` + strconv.FormatInt(field.Int(), 10) + `"`, nil
	case reflect.Uint32:
		return strconv.FormatUint(field.Uint(), 10), nil
	case reflect.Bool:
		return strconv.FormatBool(field.Bool()), nil
	case reflect.String:
		return jsonOfText(field.String())
	case reflect.Int32:
		number := strconv.FormatInt(field.Int(), 10)
		if member, ok := field.Interface().(fmt.Stringer); ok && member.String() != number {
			return `"` + member.String() + `"`, nil
		}
		return number, nil
	case reflect.Slice:
		return jsonOfSlice(field)
	}
	return "", fmt.Errorf("events have no fields of kind %s", field.Kind())
}

func jsonOfSlice(field reflect.Value) (string, error) {
	if field.Type().Elem().Kind() == reflect.Uint8 {
		if field.IsNil() {
			return "null", nil
		}
		return `"` + base64.StdEncoding.EncodeToString(field.Bytes()) + `"`, nil
	}
	members := make([]string, field.Len())
	for i := range members {
		var err error
		if members[i], err = jsonOf(field.Index(i)); err != nil {
			return "", err
		}
	}
	return "[" + strings.Join(members, ",") + "]", nil
}

// jsonOfText looks for what JSON escapes only where a text is no address.
func jsonOfText(text string) (string, error) {
	plain := !strings.ContainsFunc(text, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < '0' || r > '9')
	})
	if plain {
		return `"` + text + `"`, nil
	}
	bytes, err := json.Marshal(text)
	return string(bytes), err
}
