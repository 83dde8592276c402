package types

// The disputed tile of an update: consensus compares its signs, or the sum of what it keeps, with
// the two states of the factor (spec/verification.md section 4). No referee is needed: compression
// is the protocol's, not a model's.

// UpdateTile is the disputed tile with what it is judged by.
type UpdateTile struct {
	dispute Dispute
	roots   AgreedRoots
	tile    factorTile
	items   []ListItem
}

// NewUpdateTile proves the tile of the factor before the first step and after the last.
func NewUpdateTile(d Dispute, roots AgreedRoots, msg *MsgExecuteTile) (*UpdateTile, error) {
	record, err := ParseRecord(d.Case.Record)
	if err != nil {
		return nil, err
	}
	u := &UpdateTile{dispute: d, roots: roots, items: msg.Items, tile: factorTile{
		layout: record.Output, place: d.Case.Claim.Index,
	}}
	if len(msg.Inputs) != 2 || len(msg.Shards)+len(msg.Updates) > 0 {
		return nil, ErrTileInputInvalid.Wrap("the two states of the tile are needed, and no tokens")
	}
	trees := make([]Hash, len(msg.Inputs))
	for i, input := range msg.Inputs {
		if trees[i], err = u.stateOf(input); err != nil {
			return nil, err
		}
	}
	s := d.Submission
	last := StateRoot(s.PoolId, uint64(s.Round), s.Chunk, d.Steps, trees[1])
	if trees[0] != Hash(roots.Adapter) || last != Hash(d.Case.StateAfter) {
		return nil, ErrMerkleProofInvalid.Wrap("another state than the first or the last")
	}
	u.tile.before, u.tile.after = msg.Inputs[0].Payload, msg.Inputs[1].Payload
	return u, nil
}

// stateOf is the tree of the state that the tile of an input belongs to.
func (u *UpdateTile) stateOf(input TileInput) (Hash, error) {
	program, index := u.dispute.Program, tileIndexAt(u.tile.layout, u.tile.place)
	place := uint64(u.dispute.Case.Operation * program.statesPerFactor())
	root, siblings, err := rootOfInput(input, u.tile.layout, index, place)
	if err != nil {
		return Hash{}, err
	}
	return verifySlot(TreeDepth(uint64(program.StateTensors)), place, root, siblings)
}

// rootOfInput is the root of the tensor that one tile belongs to, with the siblings that prove it in
// its list. The input must name the tile and the tensor's place.
func rootOfInput(
	input TileInput, layout Layout, index, place uint64,
) (root Hash, siblings []Hash, err error) {
	if uint64(input.First) != index || input.Count != 1 || input.TensorProof.Index != place {
		return Hash{}, nil, ErrTileInputInvalid.Wrapf("tile %d of tensor %d", index, place)
	}
	proof, err := HashesFrom(input.Proof.Hashes)
	if err != nil {
		return Hash{}, nil, err
	}
	if siblings, err = HashesFrom(input.TensorProof.Siblings); err != nil {
		return Hash{}, nil, err
	}
	root, err = layout.RootOfTiles([]uint64{index}, input.Payload, proof)
	return root, siblings, err
}

// Judge gives the slot that the tile has in truth, and what follows for the case.
func (u *UpdateTile) Judge() (Hash, CaseOutcome, error) {
	c := u.dispute.Case
	var content []byte
	var ends bool // what the last tile says agrees with the tensor
	var err error
	if c.AboutScale() {
		content, ends, err = u.judgeScale()
	} else {
		content, ends, err = u.judgeSigns()
	}
	if err != nil {
		return Hash{}, CASE_OUTCOME_UNDECIDED, err
	}
	if len(u.items) > 0 {
		return Hash{}, CASE_OUTCOME_UNDECIDED, ErrTileInputInvalid.Wrapf(
			"%d items are not needed", len(u.items),
		)
	}
	slot := LeafHash(content)
	isLast := u.tile.place == uint64(countTiles(u.tile.layout))-1
	if isLast && !ends {
		return slot, CASE_OUTCOME_CONVICTED, nil
	}
	return slot, c.TileOutcome(slot), nil
}

func (u *UpdateTile) judgeSigns() ([]byte, bool, error) {
	claim := u.dispute.Case.Update
	kept := uint32(0)
	if u.tile.place > 0 {
		before, err := u.item(tagSigns, claim.SignsRoot, u.tile.place-1, u.signsItemBytes())
		if err != nil {
			return nil, false, err
		}
		kept = (&reader{bytes: before}).u32()
	}
	signs, more := u.tile.signs(claim.Threshold, claim.Last)
	kept += more
	return SignsItem(kept, signs), kept == claim.Kept, nil
}

func (u *UpdateTile) judgeScale() ([]byte, bool, error) {
	c := u.dispute.Case
	signs, err := u.item(tagSigns, c.Update.SignsRoot, u.tile.place, u.signsItemBytes())
	if err != nil {
		return nil, false, err
	}
	sum := u.tile.sum(signs[signsHeaderBytes:])
	if u.tile.place > 0 {
		before, err := u.item(tagSums, c.TraceRoot, u.tile.place-1, sumBytes)
		if err != nil {
			return nil, false, err
		}
		sum += (&reader{bytes: before}).u64()
	}
	return SumsItem(sum), scaleOf(sum, c.Update.Kept) == c.Update.Scale, nil
}

func (u *UpdateTile) signsItemBytes() int {
	return signsHeaderBytes + u.tile.layout.TileBytes()/elementBytes
}

// item takes the next item that the execution brings, which must be at a place of a list.
func (u *UpdateTile) item(tag string, root []byte, place uint64, size int) ([]byte, error) {
	if len(u.items) == 0 {
		return nil, ErrTileInputInvalid.Wrapf("item %d of %s is missing", place, tag)
	}
	item := u.items[0]
	u.items = u.items[1:]
	if item.Proof.Index != place || len(item.Content) != size {
		return nil, ErrTileInputInvalid.Wrapf("item %d of %s has %d bytes", place, tag, size)
	}
	siblings, err := HashesFrom(item.Proof.Siblings)
	if err != nil {
		return nil, err
	}
	count := uint64(countTiles(u.tile.layout))
	return item.Content, verifyItem(tag, count, Hash(root), place, LeafHash(item.Content), siblings)
}
