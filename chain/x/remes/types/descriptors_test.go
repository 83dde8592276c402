package types

import (
	"strings"
	"testing"

	"github.com/cosmos/gogoproto/proto"
)

// What signs and shows messages by their descriptors must know every field of them.
func TestEveryImportOfTheModuleIsKnown(t *testing.T) {
	files := 0
	for path := range proto.AllFileDescriptors() {
		if !strings.HasPrefix(path, "remes/v1/") {
			continue
		}
		files++
		file, err := proto.HybridResolver.FindFileByPath(path)
		if err != nil {
			t.Fatal(err)
		}
		for i := range file.Imports().Len() {
			if imported := file.Imports().Get(i); imported.IsPlaceholder() {
				t.Errorf("%s does not know %s; registerImports must name it", path, imported.Path())
			}
		}
	}
	if files == 0 {
		t.Fatal("no file of the module is registered")
	}
}
