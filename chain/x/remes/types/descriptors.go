package types

import "github.com/cosmos/gogoproto/proto"

// Files that others import are registered here, before the generated ones register themselves in
// the order of their names (dispute before merkle). For an import that it does not know yet
// gogoproto keeps a placeholder without fields, and the document that a hardware wallet signs would
// leave out what such a field holds: anybody could change it under the signature. What one of them imports
// stands before it.
var _ = registerImports()

func registerImports() struct{} {
	for _, file := range []struct {
		path     string
		describe func() ([]byte, []int)
	}{
		{"remes/v1/merkle.proto", (*MerkleProof)(nil).Descriptor},
		{"remes/v1/model.proto", (*Model)(nil).Descriptor},
		{"remes/v1/params.proto", (*Params)(nil).Descriptor},
		{"remes/v1/participant.proto", (*Participant)(nil).Descriptor},
		{"remes/v1/pool.proto", (*Pool)(nil).Descriptor},
		{"remes/v1/reward.proto", (*Totals)(nil).Descriptor},
		{"remes/v1/verification.proto", (*Audit)(nil).Descriptor},
		{"remes/v1/submission.proto", (*Submission)(nil).Descriptor},
	} {
		descriptor, _ := file.describe()
		proto.RegisterFile(file.path, descriptor)
	}
	return struct{}{}
}
