package referee

import (
	"bytes"
	"slices"
	"testing"
)

// room is what the two bodies of a module of the greatest size may each hold.
const room = bodyBytesMax - 168

// hostile are modules within every limit that make admission, compilation or a run as dear as the
// limits allow. TestAdmitRefuses holds those that the limits keep out.
func hostile() map[string][]byte {
	none, i32, v128 := byte(typeNone), byte(typeI32), byte(typeV128)
	fill := func(n int, unit []byte) []byte {
		return slices.Repeat(unit, (n-len(unit))/len(unit))
	}
	locals := [][]byte{append(appendUnsigned(nil, localsMax-1), i32)}
	vectors := [][]byte{append(appendUnsigned(nil, localsMax-1), v128)}
	fourfold := func(body []byte) []byte {
		d := newDraft()
		d.functions = slices.Repeat([][]byte{{0}}, 4)
		d.bodies = slices.Repeat([][]byte{body}, 4)
		return d.bytes()
	}
	doubled := func(body []byte) []byte {
		d := newDraft()
		d.bodies = [][]byte{body, body}
		return d.bytes()
	}
	return map[string][]byte{
		"nops": doubled(code(append(fill(room, []byte{opNop}), opI32Const, 1)...)),
		"wide branch tables": doubled(code(slices.Concat(many(nestingMax-1, opBlock, none), jumps(),
			many(nestingMax-1, opEnd), []byte{opI32Const, 1})...)),
		"loops beside each other": fourfold(code(append(
			many(blocksOfFunctionMax, opLoop, none, opEnd), opI32Const, 1)...)),
		"loops in each other": doubled(code(slices.Concat(
			many(nestingMax, opLoop, none), many(nestingMax, opEnd), []byte{opI32Const, 1})...)),
		"ifs that write every local": fourfold(codeWith(locals,
			append(everyLocal(), opI32Const, 1)...)),
		"branches through wide locals": fourfold(codeWith(vectors, slices.Concat(
			many(blocksOfFunctionMax-1, opBlock, none, opLocalGet, 0, opBranchIf, 0, opEnd),
			[]byte{opI32Const, 1})...)),
		"shuffles": doubled(codeWith([][]byte{{1, v128}}, slices.Concat(
			[]byte{opLocalGet, 1}, shuffles(), []byte{prefixVec, 27, 0})...)),
		"divisions": doubled(code(slices.Concat([]byte{opI32Const, 7},
			fill(room-8, []byte{opI32Const, 3, 0x6d}))...)),
		"loads": doubled(code(slices.Concat([]byte{opI32Const, 7},
			fill(room-8, []byte{0x28, 0, 4}))...)),
		"stores": doubled(code(append(
			fill(room-8, []byte{opI32Const, 0, opLocalGet, 0, 0x36, 0, 8}), opI32Const, 1)...)),
		"constants": doubled(code(slices.Concat(
			fill(room-8, append(appendSigned([]byte{opI64Const}, -1<<63),
				opDrop)), []byte{opI32Const, 1})...)),
	}
}

// jumps is branch tables of full width, each target a block further out.
func jumps() (out []byte) {
	none := byte(typeNone)
	for len(out) < room-4*nestingMax-400 {
		out = append(out, opLocalGet, 0, opBlock, none, opLocalGet, 0, opBranchTable)
		out = appendUnsigned(out, branchTargetsMax)
		for i := range branchTargetsMax + 1 {
			out = appendUnsigned(out, uint32(i%nestingMax))
		}
		out = append(out, opEnd, opDrop)
	}
	return out
}

func shuffles() (out []byte) {
	for len(out) < room-40 {
		out = append(out, opLocalGet, 1, prefixVec, 13)
		for lane := range byte(16) {
			out = append(out, 31-lane)
		}
	}
	return out
}

// everyLocal writes a local in each of many branches, so that a compiler has to join every value.
func everyLocal() (out []byte) {
	for i := range uint32(blocksOfFunctionMax) {
		out = appendUnsigned(append(out, opLocalGet), i%localsMax)
		out = append(out, opIf, byte(typeNone), opI32Const, 1, opLocalSet)
		out = append(appendUnsigned(out, i*7%localsMax), opEnd)
	}
	return out
}

// TestHostileModulesEndAlike admits, compiles and runs them on both engines. There is no limit of
// time here: a module that hangs fails the run of the tests.
func TestHostileModulesEndAlike(t *testing.T) {
	for name, wasm := range hostile() {
		t.Run(name, func(t *testing.T) {
			var results []call
			for _, engine := range engines {
				m := register(t, engine, wasm)
				if len(m.metered) > 8*ModuleBytesMax {
					t.Errorf("metered to %d bytes", len(m.metered))
				}
				results = append(results, callWith(t, m, Task{Op: []byte{1}}, FuelMax))
			}
			a, b := results[0], results[1]
			if a.trapped != b.trapped || a.result != b.result || a.left != b.left ||
				!bytes.Equal(a.response, b.response) {
				t.Errorf("%v %d %d on one engine, %v %d %d on the other",
					a.trapped, a.result, a.left, b.trapped, b.result, b.left)
			}
		})
	}
}

// TestDataFillsTheMemory has 256 segments at the very end, and one that is the module's whole room.
func TestDataFillsTheMemory(t *testing.T) {
	d := newDraft()
	whole := bytes.Repeat([]byte{0xa5}, 60_000)
	d.data = [][]byte{dataAt(0x2a000, whole), dataAt(5*pageBytes-1, []byte{1}),
		dataAt(5*pageBytes, nil)}
	d.bodies[1] = append(appendSigned([]byte{0, opI32Const}, int64(len(whole))), opEnd)
	for name, engine := range engines {
		tile, outcome := execute(t, register(t, engine, d.bytes()), Task{Op: []byte{1}})
		if outcome.Code != Done || !bytes.Equal(tile, whole) {
			t.Errorf("%s: %+v", name, outcome)
		}
	}
}
