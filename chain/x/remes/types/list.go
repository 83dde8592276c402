package types

// Lists of spec/encoding.md section 5. A root binds what the list is, how long it is and every
// item.

// The kinds of list, by their tags.
const (
	tagSteps       = "remes/steps/1"
	tagOperation   = "remes/operation/1"
	tagTrace       = "remes/trace/1"
	tagProgram     = "remes/program/1"
	tagBackbone    = "remes/backbone/1"
	tagUpdate      = "remes/update/2"
	tagSigns       = "remes/signs/1"
	tagSums        = "remes/sums/1"
	tagUpdates     = "remes/updates/1"
	tagMomenta     = "remes/momenta/1"
	tagDataset     = "remes/dataset/1"
	tagSubmissions = "remes/submissions/1"
)

func listRoot(tag string, count uint64, tree Hash) Hash {
	var e encoder
	e.u64(count)
	e.hash(tree)
	return tagged(tag, e.bytes)
}

func rootOf(
	tag string, slots []Hash,
) Hash {
	return listRoot(tag, uint64(len(slots)), TreeRoot(slots))
}

// StepsRoot binds the state roots of a chunk's steps 1 to H.
func StepsRoot(states []Hash) Hash { return rootOf(tagSteps, states) }

// OperationRoot binds the output tensors of an operation.
func OperationRoot(tensors []Hash) Hash { return rootOf(tagOperation, tensors) }

// TraceRoot binds the operations of a step.
func TraceRoot(operations []Hash) Hash { return rootOf(tagTrace, operations) }

// ProgramRoot binds the leaves of a program's records.
func ProgramRoot(records []Hash) Hash { return rootOf(tagProgram, records) }

// BackboneRoot binds the weights of a model.
func BackboneRoot(tensors []Hash) Hash { return rootOf(tagBackbone, tensors) }

// DatasetRoot binds the shards of a dataset.
func DatasetRoot(shards []Hash) Hash { return rootOf(tagDataset, shards) }

// SubmissionsRoot binds the records of a round's submissions in the order of its chunks.
func SubmissionsRoot(records [][]byte) Hash {
	slots := make([]Hash, len(records))
	for i, record := range records {
		slots[i] = LeafHash(record)
	}
	return rootOf(tagSubmissions, slots)
}

// StateRoot is the state of a chunk's training after step t, from the tree of its tensors
// (TreeRoot).
func StateRoot(pool, round, chunk uint64, step uint32, tensors Hash) Hash {
	var e encoder
	e.u8(prefixState)
	e.u64(pool)
	e.u64(round)
	e.u64(chunk)
	e.u32(step)
	e.hash(tensors)
	return sha256Of(e.bytes)
}

// verifyItem checks that an item belongs to a list of a known length.
func verifyItem(
	tag string, count uint64, root Hash, index uint64, slot Hash, siblings []Hash,
) error {
	if index >= count {
		return ErrMerkleIndexInvalid.Wrapf("item %d of %d", index, count)
	}
	tree, err := verifySlot(TreeDepth(count), index, slot, siblings)
	if err != nil {
		return err
	}
	return requireRoot(tag, count, tree, root)
}

// verifyItems checks that several items belong to a list of a known length.
func verifyItems(tag string, count uint64, root Hash, indices []uint64, slots, proof []Hash) error {
	for _, index := range indices {
		if index >= count {
			return ErrMerkleIndexInvalid.Wrapf("item %d of %d", index, count)
		}
	}
	tree, err := verifySlots(TreeDepth(count), indices, slots, proof)
	if err != nil {
		return err
	}
	return requireRoot(tag, count, tree, root)
}

func requireRoot(tag string, count uint64, tree, root Hash) error {
	if listRoot(tag, count, tree) != root {
		return ErrMerkleProofInvalid.Wrapf("another root than %x", root)
	}
	return nil
}
