package types

import (
	"encoding/binary"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// matrixCase is a case about the update of one factor of any shape and any two states.
type matrixCase struct {
	layout        Layout
	before, after [][]byte // payloads, by place
	claim         UpdateClaim
	signs, sums   [][]byte // items, by place
}

func drawMatrix(t *rapid.T) *matrixCase {
	m := &matrixCase{layout: Layout{
		Tensor: 1, Type: elementI32, TileRows: 4, TileColumns: 8,
		Shape: []uint32{
			rapid.Uint32Range(1, 9).Draw(t, "rows"), rapid.Uint32Range(1, 27).Draw(t, "columns"),
		},
	}}
	// Few magnitudes make many ties; the extremes need 33 bits.
	value := rapid.SampledFrom([]int32{0, 0, 1, -1, 2, -3, 1 << 30, -1 << 30, -1 << 31, 1<<31 - 1})
	for range countTiles(m.layout) {
		for _, state := range []*[][]byte{&m.before, &m.after} {
			var tile []byte
			for range 4 * 8 {
				tile = binary.LittleEndian.AppendUint32(tile, uint32(value.Draw(t, "element")))
			}
			*state = append(*state, tile)
		}
	}
	return m
}

func (m *matrixCase) tile(place int) factorTile {
	return factorTile{m.layout, uint64(place), m.before[place], m.after[place]}
}

// compress selects by sorting all elements.
func (m *matrixCase) compress(density uint32) {
	type ranked struct {
		index uint64
		size  uint64
	}
	var order []ranked
	for place := range m.before {
		m.tile(place).each(func(_ int, index uint64, change int64) {
			if change != 0 {
				order = append(order, ranked{index, magnitude(change)})
			}
		})
	}
	slices.SortFunc(order, func(a, b ranked) int {
		if a.size != b.size {
			return map[bool]int{true: -1, false: 1}[a.size > b.size]
		}
		return int(a.index) - int(b.index)
	})
	elements := m.layout.Shape[0] * m.layout.Shape[1]
	m.claim = UpdateClaim{Threshold: 1, Last: elements - 1}
	if most := int((elements*density + 999) / 1000); len(order) >= most {
		order = order[:most]
		m.claim.Threshold = uint32(order[most-1].size)
		m.claim.Last = uint32(order[most-1].index)
	}
	var sum uint64
	for _, element := range order {
		sum += element.size
	}
	m.claim.Kept, m.claim.Scale = uint32(len(order)), scaleOf(sum, uint32(len(order)))
	m.list()
}

// list writes the items that the claim's threshold gives.
func (m *matrixCase) list() {
	kept, sum := uint32(0), uint64(0)
	m.signs, m.sums = nil, nil
	for place := range m.before {
		signs, more := m.tile(place).signs(m.claim.Threshold, m.claim.Last)
		kept += more
		sum += m.tile(place).sum(signs)
		m.signs = append(m.signs, SignsItem(kept, signs))
		m.sums = append(m.sums, SumsItem(sum))
	}
	m.seal()
}

func (m *matrixCase) seal() {
	root := SignsRoot(itemLeaves(m.signs))
	m.claim.SignsRoot = root[:]
}

func itemLeaves(items [][]byte) []Hash {
	slots := make([]Hash, len(items))
	for i, item := range items {
		slots[i] = LeafHash(item)
	}
	return slots
}

// padded are the slots of the tensor's tree.
func (m *matrixCase) padded(state [][]byte) []Hash {
	slots := make([]Hash, 1<<m.layout.Depth())
	for place, payload := range state {
		index := tileIndexAt(m.layout, uint64(place))
		slots[index] = m.layout.TileLeaf(uint32(index), payload)
	}
	return slots
}

// open is a case at the execution of a tile, and what the chain knows.
func (m *matrixCase) open(place int, aboutScale bool) (Dispute, AgreedRoots) {
	moment := LeafHash([]byte("moment"))
	tree := func(state [][]byte) Hash {
		return TreeRoot([]Hash{m.layout.Root(TreeRoot(m.padded(state))), moment})
	}
	adapter := tree(m.before)
	last := StateRoot(1, 2, 3, 4, tree(m.after))
	var record encoder
	for range 5 {
		record.u8(0)
	}
	record.u32(m.layout.Tensor)
	record.u8(elementI32)
	record.u32(m.layout.Shape[0])
	record.u32(m.layout.Shape[1])
	record.u16(m.layout.TileRows)
	record.u16(m.layout.TileColumns)
	sums := SumsRoot(itemLeaves(m.sums))
	c := Case{
		Kind: CASE_KIND_UPDATE, Record: record.bytes, Update: &m.claim, StateAfter: last[:],
		TraceRoot: sums[:], Claim: Claim{Stage: CASE_STAGE_EXECUTION, Index: uint64(place)},
	}
	slot := LeafHash(m.signs[place])
	if aboutScale {
		c.Output, slot = outputScale, LeafHash(m.sums[place])
	}
	c.Claim.Hash = slot[:]
	return Dispute{
		Case: c, Submission: Submission{PoolId: 1, Round: 2, Chunk: 3}, Steps: 4,
		Program: StepProgram{StateTensors: 2, Optimizer: OPTIMIZER_LION, Weights: 1},
	}, AgreedRoots{Adapter: adapter[:]}
}

func (m *matrixCase) execution(place int, aboutScale bool) *MsgExecuteTile {
	msg := &MsgExecuteTile{}
	moment := LeafHash([]byte("moment"))
	index := tileIndexAt(m.layout, uint64(place))
	for _, state := range [][][]byte{m.before, m.after} {
		msg.Inputs = append(msg.Inputs, TileInput{
			First: uint32(index), Count: 1, Payload: state[place],
			Proof:       MerkleMultiproof{Hashes: textsOf(ProveSlots(m.padded(state), []uint64{index}))},
			TensorProof: MerkleProof{Siblings: textsOf([]Hash{moment})},
		})
	}
	item := func(items [][]byte, place int) {
		if place < 0 {
			return
		}
		msg.Items = append(msg.Items, ListItem{Content: items[place], Proof: MerkleProof{
			Index:    uint64(place),
			Siblings: textsOf(ProveSlots(itemLeaves(items), []uint64{uint64(place)})),
		}})
	}
	if aboutScale {
		item(m.signs, place)
		item(m.sums, place-1)
	} else {
		item(m.signs, place-1)
	}
	return msg
}

func textsOf(hashes []Hash) [][]byte {
	texts := make([][]byte, len(hashes))
	for i, hash := range hashes {
		texts[i] = slices.Clone(hash[:])
	}
	return texts
}

func (m *matrixCase) judge(place int, aboutScale bool) (CaseOutcome, error) {
	d, roots := m.open(place, aboutScale)
	tile, err := NewUpdateTile(d, roots, m.execution(place, aboutScale))
	if err != nil {
		return CASE_OUTCOME_UNSPECIFIED, err
	}
	_, outcome, err := tile.Judge()
	return outcome, err
}

func TestARightUpdateIsAcquittedAtEveryTile(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := drawMatrix(t)
		density := rapid.Uint32Range(1, 500).Draw(t, "density")
		m.compress(density)
		if err := checkUpdateClaim(m.claim, m.layout, density); err != nil {
			t.Fatal(err)
		}
		for place := range m.before {
			for _, aboutScale := range []bool{false, true} {
				outcome, err := m.judge(place, aboutScale)
				if err != nil || outcome != CASE_OUTCOME_ACQUITTED {
					t.Fatalf("tile %d, about the scale %v: %s, %v", place, aboutScale, outcome, err)
				}
			}
		}
	})
}

func TestAnAlteredTileOfAnUpdateIsConvicted(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := drawMatrix(t)
		m.compress(rapid.Uint32Range(1, 500).Draw(t, "density"))
		place := rapid.IntRange(0, len(m.signs)-1).Draw(t, "tile")
		m.signs[place] = slices.Clone(m.signs[place])
		at := rapid.IntRange(0, len(m.signs[place])-1).Draw(t, "byte")
		m.signs[place][at] ^= byte(rapid.IntRange(1, 255).Draw(t, "change"))
		m.seal()
		if outcome, err := m.judge(place, false); err != nil || outcome != CASE_OUTCOME_CONVICTED {
			t.Fatalf("%s, %v", outcome, err)
		}
	})
}

func TestAnotherScaleIsConvictedAtTheLastTile(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := drawMatrix(t)
		m.compress(rapid.Uint32Range(1, 500).Draw(t, "density"))
		m.claim.Scale ^= rapid.Uint32Range(1, 1<<23-1).Draw(t, "change")
		last := len(m.sums) - 1
		if outcome, err := m.judge(last, true); err != nil || outcome != CASE_OUTCOME_CONVICTED {
			t.Fatalf("%s, %v", outcome, err)
		}
	})
}

// An execution of bytes that anybody may have made up is refused or judged, and never panics; what
// proves something else than it says is refused.
func TestExecutionsOfAnythingAreRefused(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := drawMatrix(t)
		m.compress(90)
		place := rapid.IntRange(0, len(m.signs)-1).Draw(t, "tile")
		aboutScale := rapid.Bool().Draw(t, "about the scale")
		msg := m.execution(place, aboutScale)
		texts := []*[]byte{&msg.Inputs[0].Payload, &msg.Inputs[1].Payload}
		for i := range msg.Items {
			texts = append(texts, &msg.Items[i].Content)
			for j := range msg.Items[i].Proof.Siblings {
				texts = append(texts, &msg.Items[i].Proof.Siblings[j])
			}
		}
		for _, input := range msg.Inputs {
			for j := range input.Proof.Hashes {
				texts = append(texts, &input.Proof.Hashes[j])
			}
		}
		text := texts[rapid.IntRange(0, len(texts)-1).Draw(t, "field")]
		*text = slices.Clone(*text)
		if rapid.Bool().Draw(t, "cut") {
			*text = (*text)[:rapid.IntRange(0, len(*text)-1).Draw(t, "length")]
		} else {
			(*text)[rapid.IntRange(0, len(*text)-1).Draw(t, "byte")] ^= 1
		}
		d, roots := m.open(place, aboutScale)
		tile, err := NewUpdateTile(d, roots, msg)
		if err == nil {
			_, _, err = tile.Judge()
		}
		if err == nil {
			t.Fatal("an altered execution was judged")
		}
	})
}
