package referee

import (
	"encoding/binary"
	"math/rand/v2"
)

// product is the definition, in Go and by the plainest loops, of what kernel 1 of testdata/tile.ts
// computes: 8 rows of int8 activations times 32 rows of packed ternary weights.
type product struct {
	depth, shift, panels, columns, tile uint32
	activations                         [][]int8 // 8 rows of depth
	codes                               [][]byte // 32 rows of depth two-bit codes
}

const (
	productRows    = 8
	productColumns = 32
	leafColumns    = 32  // activations of a row in one leaf
	leafWeights    = 256 // weights of a row in one leaf
)

func (p product) task() Task {
	op := binary.LittleEndian.AppendUint32(nil, 1)
	for _, field := range []uint32{p.depth, p.shift, p.panels, p.columns} {
		op = binary.LittleEndian.AppendUint32(op, field)
	}
	blocks := p.depth / leafWeights
	return Task{Op: op, Tile: p.tile, Fuel: FuelMax - FuelConstant, Inputs: []Input{
		{Slot: 0, First: p.tile / p.columns * blocks * 8, Bytes: p.activationLeaves()},
		{Slot: 1, First: p.tile % p.columns * blocks, Bytes: p.weightLeaves()},
	}}
}

func (p product) activationLeaves() (out []byte) {
	for leaf := 0; leaf < int(p.depth); leaf += leafColumns {
		for r := range productRows {
			for k := range leafColumns {
				out = append(out, byte(p.activations[r][leaf+k]))
			}
		}
	}
	return out
}

func (p product) weightLeaves() (out []byte) {
	for leaf := 0; leaf < int(p.depth); leaf += leafWeights {
		for c := range productColumns {
			for k := 0; k < leafWeights; k += 4 {
				w := p.codes[c][leaf+k:]
				out = append(out, w[0]|w[1]<<2|w[2]<<4|w[3]<<6)
			}
		}
	}
	return out
}

// result is the payload of the output leaf. Sums wrap and the shift is clamped, as in the module.
func (p product) result() (out []byte) {
	shift := min(p.shift, 30)
	for r := range productRows {
		for c := range productColumns {
			var sum int32
			for k := range p.depth {
				sum += int32(p.activations[r][k]) * (int32(p.codes[c][k]) - 1)
			}
			if shift > 0 {
				sum = (sum + 1<<(shift-1)) >> shift
			}
			out = binary.LittleEndian.AppendUint32(out, uint32(sum))
		}
	}
	return out
}

// randomProduct draws from a seed; extremeProduct is all one activation and one code.
func randomProduct(seed uint64, depth uint32) product {
	random := rand.New(rand.NewPCG(seed, 1))
	p := product{depth: depth, shift: random.Uint32N(12), panels: 3, columns: 5}
	p.tile = random.Uint32N(p.panels * p.columns)
	p.fill(func() int8 { return int8(random.Uint32()) },
		func() byte { return byte(random.Uint32N(4)) })
	return p
}

func extremeProduct(depth, shift uint32, activation int8, weight byte) product {
	p := product{depth: depth, shift: shift, panels: 0xffff, columns: 0xffff,
		tile: 0xffff*0xffff - 1}
	p.fill(func() int8 { return activation }, func() byte { return weight })
	return p
}

func (p *product) fill(activation func() int8, weight func() byte) {
	for range productRows {
		row := make([]int8, p.depth)
		for k := range row {
			row[k] = activation()
		}
		p.activations = append(p.activations, row)
	}
	for range productColumns {
		row := make([]byte, p.depth)
		for k := range row {
			row[k] = weight()
		}
		p.codes = append(p.codes, row)
	}
}
