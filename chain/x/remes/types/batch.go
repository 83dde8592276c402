package types

import "slices"

// The batch of a step (spec/chunk.md): consecutive records of the leased chunk. Its tensor has no
// root of its own; its tiles are cut from the leaves of the dataset's shards.

// Batch is where the tokens of one step lie in a dataset.
type Batch struct {
	// First is the record of the step's first sequence, counted over the shards.
	First uint64
	// Sequence is the number of tokens that a record predicts.
	Sequence uint64
	// Tokens of the dataset's training split.
	Tokens uint64
}

// BatchOf is the batch of a step (from 1) of a chunk.
func BatchOf(
	program StepProgram, dataset Dataset, localSteps uint32, chunk uint64, step uint32,
) Batch {
	records := chunk*uint64(localSteps)*uint64(program.Batch) + uint64(step-1)*uint64(program.Batch)
	return Batch{First: records, Sequence: uint64(program.Sequence), Tokens: dataset.Tokens}
}

// place is the shard of a sequence's record and the token in it that the record begins with.
func (b Batch) place(sequence uint32) (shard uint32, token uint64) {
	record := b.First + uint64(sequence)
	perShard := (LimitShardTokensMax - 1) / b.Sequence
	return uint32(record / perShard), record % perShard * b.Sequence
}

// ShardLayout is how a shard is cut: the last one of the training split holds the rest.
func (b Batch) ShardLayout(shard uint32) Layout {
	length := min(b.Tokens-uint64(shard)*LimitShardTokensMax, LimitShardTokensMax)
	return Layout{
		Type: elementU32, Shape: []uint32{uint32(length)}, TileRows: 1,
		TileColumns: LimitShardLeafTokens,
	}
}

// BatchLeaves are the proven leaves of the dataset that the tiles of a batch are cut from.
type BatchLeaves struct {
	batch Batch
	// leaves by shard and index, and those of them that a tile was cut from.
	leaves map[[2]uint32][]byte
	used   map[[2]uint32]bool
}

// ProveBatch checks leaves of shards against the root of a dataset. Shards and leaves ascend.
func ProveBatch(batch Batch, dataset Dataset, shards []ShardLeaves) (BatchLeaves, error) {
	b := BatchLeaves{batch, map[[2]uint32][]byte{}, map[[2]uint32]bool{}}
	for i, s := range shards {
		if i > 0 && s.Shard <= shards[i-1].Shard {
			return b, ErrTileInputInvalid.Wrapf("shard %d does not ascend", s.Shard)
		}
		if uint64(s.Shard)*LimitShardTokensMax >= batch.Tokens || len(s.Leaves) == 0 {
			return b, ErrTileInputInvalid.Wrapf("%d leaves of shard %d", len(s.Leaves), s.Shard)
		}
		if err := b.prove(s, dataset); err != nil {
			return b, err
		}
	}
	return b, nil
}

func (b BatchLeaves) prove(s ShardLeaves, dataset Dataset) error {
	hashes, err := HashesFrom(s.Proof.Hashes)
	if err != nil {
		return err
	}
	siblings, err := HashesFrom(s.ShardProof.Siblings)
	if err != nil {
		return err
	}
	indices := make([]uint64, len(s.Leaves))
	for i, leaf := range s.Leaves {
		indices[i] = uint64(leaf)
	}
	layout := b.batch.ShardLayout(s.Shard)
	root, err := layout.RootOfTiles(indices, s.Payload, hashes)
	if err != nil {
		return err
	}
	if s.ShardProof.Index != uint64(s.Shard) {
		return ErrMerkleIndexInvalid.Wrapf("the proof is of item %d", s.ShardProof.Index)
	}
	for i, leaf := range s.Leaves {
		size := layout.TileBytes()
		b.leaves[[2]uint32{s.Shard, leaf}] = s.Payload[i*size : (i+1)*size]
	}
	return verifyItem(
		tagDataset, uint64(dataset.Shards), Hash(dataset.Root), uint64(s.Shard), root, siblings,
	)
}

// Tile cuts a tile of the batch's tensor: the tokens of one sequence from a place on, with zeros
// behind the record's last.
func (b BatchLeaves) Tile(layout Layout, index uint32) ([]byte, error) {
	bits := TreeDepth(uint64(layout.grid()[1]))
	sequence, first := index>>bits, uint64(index&(1<<bits-1))*uint64(layout.TileColumns)
	shard, token := b.batch.place(sequence)
	tile := make([]byte, 0, layout.TileBytes())
	for i := first; i < min(first+uint64(layout.TileColumns), b.batch.Sequence+1); i++ {
		at := token + i
		key := [2]uint32{shard, uint32(at / LimitShardLeafTokens)}
		leaf, proven := b.leaves[key]
		if !proven {
			return nil, ErrTileInputInvalid.Wrapf("leaf %d of shard %d is missing", key[1], shard)
		}
		b.used[key] = true
		offset := at % LimitShardLeafTokens * 4
		tile = append(tile, leaf[offset:offset+4]...)
	}
	return append(tile, make([]byte, layout.TileBytes()-len(tile))...), nil
}

// RequireUsed refuses leaves that no tile was cut from: one set of tiles has one set of leaves.
func (b BatchLeaves) RequireUsed() error {
	for _, key := range sortedKeys(b.leaves) {
		if !b.used[key] {
			return ErrTileInputInvalid.Wrapf("leaf %d of shard %d is not needed", key[1], key[0])
		}
	}
	return nil
}

func sortedKeys(leaves map[[2]uint32][]byte) [][2]uint32 {
	keys := make([][2]uint32, 0, len(leaves))
	for key := range leaves {
		keys = append(keys, key)
	}
	slices.SortFunc(keys, func(a, b [2]uint32) int { return slices.Compare(a[:], b[:]) })
	return keys
}
