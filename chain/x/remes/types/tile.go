package types

import (
	"errors"
	"slices"
)

// Tile is the disputed tile of a case with what its inputs are proven under (spec/verification.md
// section 3). It reads exactly the ranges that the referee names.

// ErrTileUnreadable says that the referee named leaves that the operation does not have. The
// registration is at fault then, and nobody in the case.
var ErrTileUnreadable = errors.New("the referee names leaves that are not there")

// AgreedRoots are the records that both parties stand by.
type AgreedRoots struct {
	Model   Model
	Dataset Dataset
	Pool    Pool
	Round   Round
	// Adapter is the tree of the state before step 1, Momentum the root of its momenta; nil if it is
	// the model's own.
	Adapter, Momentum []byte
}

// LeafRange names the leaves first, first + stride, … of the tensor in a slot.
type LeafRange struct{ Slot, First, Count, Stride uint32 }

// Tile is one tile to be executed.
type Tile struct {
	dispute Dispute
	roots   AgreedRoots
	record  Record
	inputs  []TileInput
	batch   BatchLeaves
}

// CheckTileSize bounds what one execution brings: payloads and proofs.
func CheckTileSize(msg *MsgExecuteTile, limit uint32) error {
	size := 0
	for _, input := range msg.Inputs {
		size += len(input.Payload)
		size += HashSize * (len(input.Proof.Hashes) + len(input.TensorProof.Siblings))
	}
	for _, shard := range msg.Shards {
		size += len(shard.Payload) + 4*len(shard.Leaves)
		size += HashSize * (len(shard.Proof.Hashes) + len(shard.ShardProof.Siblings))
	}
	items := slices.Clone(msg.Items)
	for _, update := range msg.Updates {
		items = append(items, update.Tensor, update.Signs)
	}
	for _, item := range items {
		size += len(item.Content) + HashSize*len(item.Proof.Siblings)
	}
	if size > int(limit) {
		return ErrMessageTooLarge.Wrapf("%d bytes of inputs and proofs, at most %d", size, limit)
	}
	return nil
}

// NewTile checks the leaves of the dataset that an execution brings; its other inputs are checked
// as the referee names them.
func NewTile(d Dispute, roots AgreedRoots, msg *MsgExecuteTile) (*Tile, error) {
	record, err := ParseRecord(d.Case.Record)
	if err != nil {
		return nil, err
	}
	batch := BatchOf(d.Program, roots.Dataset, d.Steps, d.Submission.Chunk, d.Case.Step)
	if len(msg.Items)+len(msg.Updates) > 0 {
		return nil, ErrTileInputInvalid.Wrap("items are of an update or a sum")
	}
	leaves, err := ProveBatch(batch, roots.Dataset, msg.Shards)
	return &Tile{d, roots, record, msg.Inputs, leaves}, err
}

// Constants are the storage bytes of the constants, if the operation reads them.
func (t *Tile) Constants() []byte {
	for _, input := range t.record.Inputs {
		if input != nil && t.dispute.Program.SourceOf(input.Tensor) == SourceConstant {
			return t.stepConstants()
		}
	}
	return nil
}

func (t *Tile) stepConstants() []byte {
	return StepConstants(t.roots.Pool, t.roots.Round, t.dispute.Submission.Chunk, t.dispute.Case.Step)
}

// Read gives the payload of a range of leaves, if it is proven. It fails with ErrTileUnreadable for
// leaves that do not exist, and with ErrTileInputInvalid for others than the execution brings.
func (t *Tile) Read(r LeafRange) ([]byte, error) {
	if int(r.Slot) >= len(t.record.Inputs) || t.record.Inputs[r.Slot] == nil {
		return nil, ErrTileUnreadable
	}
	layout := *t.record.Inputs[r.Slot]
	for i := range r.Count {
		if !layout.HasTile(uint64(r.First) + uint64(i)*uint64(r.Stride)) {
			return nil, ErrTileUnreadable
		}
	}
	source := t.dispute.Program.SourceOf(layout.Tensor)
	if source == SourceConstant {
		return t.stepConstants(), nil
	}
	input, err := t.nextInput(r)
	if err != nil {
		return nil, err
	}
	if source == SourceBatch {
		return t.readBatch(r, layout, input)
	}
	indices := make([]uint64, r.Count)
	for i := range indices {
		indices[i] = uint64(r.First) + uint64(i)*uint64(r.Stride)
	}
	return input.Payload, t.prove(layout, source, indices, input)
}

// nextInput takes the input that the execution brings for a range. They come in the referee's
// order.
func (t *Tile) nextInput(r LeafRange) (TileInput, error) {
	if len(t.inputs) == 0 {
		return TileInput{}, ErrTileInputInvalid.Wrapf("the range %v is missing", r)
	}
	input := t.inputs[0]
	t.inputs = t.inputs[1:]
	if got := (LeafRange{input.Slot, input.First, input.Count, input.Stride}); got != r {
		return input, ErrTileInputInvalid.Wrapf("the range %v, the referee names %v", got, r)
	}
	return input, nil
}

func (t *Tile) readBatch(r LeafRange, layout Layout, input TileInput) ([]byte, error) {
	if len(input.Payload)+len(input.Proof.Hashes)+len(input.TensorProof.Siblings) > 0 {
		return nil, ErrTileInputInvalid.Wrap("tokens come from the leaves of the shards")
	}
	var payload []byte
	for i := range r.Count {
		tile, err := t.batch.Tile(layout, r.First+i*r.Stride)
		if err != nil {
			return nil, err
		}
		payload = append(payload, tile...)
	}
	return payload, nil
}

// prove checks that leaves belong to the agreed tensor.
func (t *Tile) prove(layout Layout, source Source, indices []uint64, input TileInput) error {
	hashes, err := HashesFrom(input.Proof.Hashes)
	if err != nil {
		return err
	}
	siblings, err := HashesFrom(input.TensorProof.Siblings)
	if err != nil {
		return err
	}
	root, err := layout.RootOfTiles(indices, input.Payload, hashes)
	if err != nil {
		return err
	}
	place, d := input.TensorProof.Index, t.dispute
	switch source {
	case SourceBackbone:
		if place != uint64(layout.Tensor) {
			return ErrMerkleIndexInvalid.Wrapf("weight %d proven as item %d", layout.Tensor, place)
		}
		return verifyItem(tagBackbone, uint64(d.Program.Weights), Hash(t.roots.Model.BackboneRoot),
			place, root, siblings)
	case SourceState:
		if place != uint64(layout.Tensor-d.Program.Weights) {
			return ErrMerkleIndexInvalid.Wrapf("state %d proven as slot %d", layout.Tensor, place)
		}
		return t.proveState(place, root, siblings)
	}
	if place >= uint64(d.Case.Operation) { // only what comes before is agreed
		return ErrMerkleIndexInvalid.Wrapf(
			"operation %d is not before operation %d", place, d.Case.Operation,
		)
	}
	return verifyItem(tagTrace, uint64(d.Program.Operations), Hash(d.Case.TraceRoot), place,
		OperationRoot([]Hash{root}), siblings)
}

// proveState checks that a tensor is of the state before the step.
func (t *Tile) proveState(place uint64, root Hash, siblings []Hash) error {
	d := t.dispute
	tree, err := verifySlot(TreeDepth(uint64(d.Program.StateTensors)), place, root, siblings)
	if err != nil {
		return err
	}
	agreed := Hash(t.roots.Adapter)
	if d.Case.Step > 1 {
		s := d.Submission
		tree = StateRoot(s.PoolId, uint64(s.Round), s.Chunk, d.Case.Step-1, tree)
		agreed = Hash(d.Case.StateBefore)
	}
	if tree != agreed {
		return ErrMerkleProofInvalid.Wrapf("another state than the one before step %d", d.Case.Step)
	}
	return nil
}

// RequireUsed refuses inputs that the referee did not name.
func (t *Tile) RequireUsed() error {
	if len(t.inputs) > 0 {
		return ErrTileInputInvalid.Wrapf("%d inputs are not needed", len(t.inputs))
	}
	return t.batch.RequireUsed()
}

// OutputLeaf is the leaf of the computed tile; false if the referee gave another size than the
// record says.
func (t *Tile) OutputLeaf(index uint32, payload []byte) (Hash, bool) {
	if len(payload) != t.record.Output.TileBytes() {
		return Hash{}, false
	}
	return t.record.Output.TileLeaf(index, payload), true
}
