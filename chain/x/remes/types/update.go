package types

import "encoding/binary"

// An update as a case sees it (spec/update.md): for each factor what its tiles keep, and how many
// elements up to and with each. Every tile can be judged alone.

const (
	updateScaleMax    = 1 << 22
	updateElementsMax = 1 << 22
	updatePerMille    = 1000
	elementI32        = 3
	elementBytes      = 4
	signsHeaderBytes  = 4
	sumBytes          = 8
)

// statesPerFactor are a factor and what its optimizer keeps of it, in this order in the state.
func (p StepProgram) statesPerFactor() uint32 {
	if p.Optimizer == OPTIMIZER_ADAM {
		return 3
	}
	return 2
}

// factors are the tensors of an update of the program.
func (p StepProgram) factors() uint32 { return p.StateTensors / p.statesPerFactor() }

// UpdateItem is the slot of a tensor in the list of an update.
func UpdateItem(c UpdateClaim) Hash {
	var e encoder
	e.u32(c.Scale)
	e.u32(c.Kept)
	e.hash(Hash(c.SignsRoot))
	return LeafHash(e.bytes)
}

// SignsItem is what the list of signs holds for a tile: the elements that are kept up to its end,
// and the sign of each of its own, 0 for what is not kept.
func SignsItem(kept uint32, signs []byte) []byte {
	return append(binary.LittleEndian.AppendUint32(nil, kept), signs...)
}

// SumsItem is what the list of sums holds for a tile: the magnitudes that are kept up to its end.
func SumsItem(sum uint64) []byte { return binary.LittleEndian.AppendUint64(nil, sum) }

// UpdateRoot binds the items of an update.
func UpdateRoot(items []Hash) Hash { return rootOf(tagUpdate, items) }

// SignsRoot binds the tiles of signs of a tensor.
func SignsRoot(slots []Hash) Hash { return rootOf(tagSigns, slots) }

// SumsRoot binds the running sums of a tensor.
func SumsRoot(slots []Hash) Hash { return rootOf(tagSums, slots) }

// factorTile is one tile of a factor, before and after the steps of a chunk.
type factorTile struct {
	layout        Layout
	place         uint64
	before, after []byte
}

// countTiles counts the tiles of a matrix.
func countTiles(layout Layout) uint32 {
	grid := layout.grid()
	return grid[0] * grid[1]
}

// tileIndexAt is the index of the tile at a place, counted row by row.
func tileIndexAt(layout Layout, place uint64) uint64 {
	columns := uint64(layout.grid()[1])
	return place/columns<<TreeDepth(columns) | place%columns
}

// tilePlaceOf is the place, counted row by row, of the tile with an index.
func tilePlaceOf(layout Layout, index uint64) uint64 {
	columns := uint64(layout.grid()[1])
	bits := TreeDepth(columns)
	return index>>bits*columns + index&(1<<bits-1)
}

// eachInTile visits the elements of a tile that a matrix has: place in the tile, index in the
// matrix.
func (l Layout) eachInTile(tile uint64, visit func(place int, index uint64)) {
	columns := uint64(l.grid()[1])
	firstRow := tile / columns * uint64(l.TileRows)
	firstColumn := tile % columns * uint64(l.TileColumns)
	for i := range int(l.TileRows) * int(l.TileColumns) {
		row := firstRow + uint64(i)/uint64(l.TileColumns)
		column := firstColumn + uint64(i)%uint64(l.TileColumns)
		if row < uint64(l.Shape[0]) && column < uint64(l.Shape[1]) {
			visit(i, row*uint64(l.Shape[1])+column)
		}
	}
}

// each visits the elements of a tile with how far training moved them down.
func (t factorTile) each(visit func(place int, index uint64, change int64)) {
	t.layout.eachInTile(t.place, func(i int, index uint64) {
		visit(i, index, element(t.before, i)-element(t.after, i))
	})
}

func element(tile []byte, i int) int64 {
	return int64(int32(binary.LittleEndian.Uint32(tile[elementBytes*i:])))
}

func magnitude(change int64) uint64 { return uint64(max(change, -change)) }

// signs are those of the elements that come first in the order of magnitude and index, down to the
// threshold, and how many they are.
func (t factorTile) signs(threshold, last uint32) (signs []byte, kept uint32) {
	signs = make([]byte, int(t.layout.TileRows)*int(t.layout.TileColumns))
	t.each(func(place int, index uint64, change int64) {
		size := magnitude(change)
		if size > uint64(threshold) || size == uint64(threshold) && index <= uint64(last) {
			kept++
			signs[place] = 1
			if change < 0 {
				signs[place] = 0xff
			}
		}
	})
	return signs, kept
}

// sum adds the magnitudes of the kept elements.
func (t factorTile) sum(signs []byte) uint64 {
	var sum uint64
	t.each(func(place int, _ uint64, change int64) {
		if signs[place] != 0 {
			sum += magnitude(change)
		}
	})
	return sum
}

// checkUpdateClaim refuses what no compression of a factor gives, whatever its values. Fewer
// elements than the most are kept only where all that have changed are.
func checkUpdateClaim(c UpdateClaim, layout Layout, density uint32) error {
	elements := uint64(layout.Shape[0]) * uint64(layout.Shape[1])
	most := (elements*uint64(density) + updatePerMille - 1) / updatePerMille
	all := c.Threshold == 1 && uint64(c.Last) == elements-1
	if c.Threshold == 0 || uint64(c.Last) >= elements || uint64(c.Kept) > most ||
		uint64(c.Kept) < most && !all {
		return ErrTraceInvalid.Wrapf(
			"%d of %d elements kept, down to %d at %d", c.Kept, elements, c.Threshold, c.Last,
		)
	}
	return nil
}

// scaleOf is the mean of the kept magnitudes, capped.
func scaleOf(sum uint64, kept uint32) uint32 {
	if kept == 0 {
		return 0
	}
	return uint32(min(updateScaleMax, sum/uint64(kept)))
}
