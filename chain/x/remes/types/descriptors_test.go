package types

import (
	"strings"
	"testing"

	"github.com/cosmos/gogoproto/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
)

// What signs and shows messages by their descriptors must know what every field of them holds.
// Imports that only options come from may stay unknown.
func TestWhatTheFieldsOfTheModuleHoldIsKnown(t *testing.T) {
	fields := 0
	for path := range proto.AllFileDescriptors() {
		if !strings.HasPrefix(path, "remes/v1/") {
			continue
		}
		file, err := proto.HybridResolver.FindFileByPath(path)
		if err != nil {
			t.Fatal(err)
		}
		for i := range file.Messages().Len() {
			message := file.Messages().Get(i)
			for j := range message.Fields().Len() {
				fields++
				if held := unknownIn(message.Fields().Get(j)); held != "" {
					t.Errorf("%s holds %s, whose file registerImports must name",
						message.Fields().Get(j).FullName(), held)
				}
			}
		}
	}
	if fields == 0 {
		t.Fatal("no message of the module is registered")
	}
}

// unknownIn names the type of a field that has none but its name; nothing if it is known.
func unknownIn(field protoreflect.FieldDescriptor) protoreflect.FullName {
	if message := field.Message(); message != nil && message.IsPlaceholder() {
		return message.FullName()
	}
	if enum := field.Enum(); enum != nil && enum.IsPlaceholder() {
		return enum.FullName()
	}
	return ""
}
