package referee

import "slices"

// draft is a module under construction: a valid referee that does nothing, until a test changes a
// part. It knows only how WebAssembly is written, nothing of what is admitted.
type draft struct {
	types, functions, globals, exports, bodies, data [][]byte
	memory                                           []byte
	replaced                                         map[int][]byte // whole contents of a section
	dropped                                          []int
}

var signatureIntToInt = []byte{formFunc, 1, byte(typeI32), 1, byte(typeI32)}

// newDraft has functions 0 (closure) and 1 (execute), type 0 for both, five pages.
func newDraft() *draft {
	return &draft{
		types:     [][]byte{signatureIntToInt},
		functions: [][]byte{{0}, {0}},
		memory:    []byte{1, 1, 5, 5},
		globals:   [][]byte{globalI32(0, 0x1000), globalI32(0, 0x2a000)},
		exports: [][]byte{
			exportOf("memory", kindMem, 0), exportOf("request", kindGlob, 0),
			exportOf("response", kindGlob, 1), exportOf("closure", kindFunc, 0),
			exportOf("execute", kindFunc, 1),
		},
		bodies:   [][]byte{code(opI32Const, 16), code(opI32Const, 16)},
		replaced: map[int][]byte{},
	}
}

// executing gives the bytes of a draft whose execute runs the instructions.
func executing(instructions ...byte) []byte {
	d := newDraft()
	d.bodies[1] = code(instructions...)
	return d.bytes()
}

// code is a body without locals, its end added.
func code(instructions ...byte) []byte { return codeWith(nil, instructions...) }

// codeWith is a body with groups of locals, each (count, type).
func codeWith(groups [][]byte, instructions ...byte) []byte {
	return append(append(vector(groups), instructions...), opEnd)
}

func globalI32(mutability byte, value int64) []byte {
	return append(appendSigned([]byte{byte(typeI32), mutability, opI32Const}, value), opEnd)
}

func exportOf(name string, kind byte, index uint32) []byte {
	out := append(appendUnsigned(nil, uint32(len(name))), name...)
	return appendUnsigned(append(out, kind), index)
}

func dataAt(offset int64, content []byte) []byte {
	out := append(appendSigned([]byte{0, opI32Const}, offset), opEnd)
	return append(appendUnsigned(out, uint32(len(content))), content...)
}

// vector is a count and its items.
func vector(items [][]byte) []byte {
	return slices.Concat(append([][]byte{appendUnsigned(nil, uint32(len(items)))}, items...)...)
}

func sectionOf(id int, content []byte) []byte {
	return append(appendUnsigned([]byte{byte(id)}, uint32(len(content))), content...)
}

func (d *draft) contents(id int) []byte {
	if content, ok := d.replaced[id]; ok {
		return content
	}
	switch id {
	case sectionType:
		return vector(d.types)
	case sectionFunction:
		return vector(d.functions)
	case sectionMemory:
		return d.memory
	case sectionGlobal:
		return vector(d.globals)
	case sectionExport:
		return vector(d.exports)
	case sectionCode:
		sized := make([][]byte, len(d.bodies))
		for i, body := range d.bodies {
			sized[i] = append(appendUnsigned(nil, uint32(len(body))), body...)
		}
		return vector(sized)
	case sectionData:
		if len(d.data) > 0 {
			return vector(d.data)
		}
	}
	return nil
}

func (d *draft) bytes() []byte {
	out := []byte("\x00asm\x01\x00\x00\x00")
	for id := range 16 {
		if content := d.contents(id); content != nil && !slices.Contains(d.dropped, id) {
			out = append(out, sectionOf(id, content)...)
		}
	}
	return out
}

// many repeats instructions.
func many(n int, instructions ...byte) []byte { return slices.Repeat(instructions, n) }
