package types

import (
	"strings"
	"testing"

	"github.com/cosmos/gogoproto/proto"
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
				field := message.Fields().Get(j)
				held, enum := field.Message(), field.Enum()
				if held != nil && held.IsPlaceholder() || enum != nil && enum.IsPlaceholder() {
					t.Errorf("nothing is known of what %s holds; registerImports must name its file",
						field.FullName())
				}
			}
		}
	}
	if fields == 0 {
		t.Fatal("no message of the module is registered")
	}
}
