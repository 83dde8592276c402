package referee

import (
	"bytes"
	"errors"
	"os"
	"slices"
	"testing"
)

func read(t testing.TB, name string) []byte {
	t.Helper()
	content, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return content
}

func refusalOf(t *testing.T, wasm []byte) *Refusal {
	t.Helper()
	metered, err := Admit(wasm)
	var refusal *Refusal
	if !errors.As(err, &refusal) {
		t.Fatalf("admitted as %d bytes, error %v", len(metered), err)
	}
	return refusal
}

func TestAdmitTakesWhatTheCompilerMakes(t *testing.T) {
	for _, name := range []string{"tile.wasm", "tile-simd.wasm"} {
		metered, err := Admit(read(t, name))
		if err != nil {
			t.Fatal(name, err)
		}
		again, _ := Admit(read(t, name))
		if !bytes.Equal(metered, again) {
			t.Fatal(name, "metered differently the second time")
		}
	}
	if _, err := Admit(newDraft().bytes()); err != nil {
		t.Fatal(err)
	}
}

func TestAdmitDropsCustomSections(t *testing.T) {
	plain := newDraft().bytes()
	custom := sectionOf(sectionCustom, append([]byte{4}, "namewhatever"...))
	named := slices.Concat(plain[:8], custom, plain[8:], custom)
	want, err := Admit(plain)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := Admit(named); err != nil || !bytes.Equal(got, want) {
		t.Fatal("a name changed the metered module", err)
	}
}

func TestAdmitRefusesAModuleTwiceMetered(t *testing.T) {
	metered, err := Admit(read(t, "tile.wasm"))
	if err != nil {
		t.Fatal(err)
	}
	if r := refusalOf(t, metered); r.Reason != ReasonMetered {
		t.Fatal(r)
	}
}

// TestAdmitRefusesEveryCut takes a real module apart at each byte: no prefix is a module.
func TestAdmitRefusesEveryCut(t *testing.T) {
	wasm := read(t, "tile-simd.wasm")
	for n := range len(wasm) {
		if _, err := Admit(wasm[:n]); err == nil {
			t.Fatalf("the first %d bytes of %d were admitted", n, len(wasm))
		}
	}
}

func TestAdmitRefuses(t *testing.T) {
	for _, c := range refusals() {
		t.Run(c.name, func(t *testing.T) {
			r := refusalOf(t, c.wasm)
			if r.Reason != c.want {
				t.Fatalf("%v, want %s", r, c.want)
			}
			if r.Reason == ReasonLimit && (r.What != c.name || r.Value <= r.Max) {
				t.Fatalf("%v, want the limit of %s", r, c.name)
			}
		})
	}
}

type refused struct {
	name string
	want Reason
	wasm []byte
}

// refusals is one hand-made module for each rule of spec/referee.md section 7 and 1.
func refusals() []refused {
	changed := func(change func(d *draft)) []byte {
		d := newDraft()
		change(d)
		return d.bytes()
	}
	section := func(id int, content ...byte) []byte {
		return changed(func(d *draft) { d.replaced[id] = content })
	}
	with := func(groups [][]byte, instructions ...byte) []byte {
		return changed(func(d *draft) { d.bodies[1] = codeWith(groups, instructions...) })
	}
	return slices.Concat(refusedSections(changed, section), refusedDeclarations(changed, section),
		refusedExports(changed), refusedCode(with, changed), refusedLimits(changed, with))
}

type (
	changing  func(change func(d *draft)) []byte
	replacing func(id int, content ...byte) []byte
	coding    func(groups [][]byte, instructions ...byte) []byte
)

func refusedSections(changed changing, section replacing) []refused {
	plain := newDraft().bytes()
	drop := func(id int) []byte { return changed(func(d *draft) { d.dropped = []int{id} }) }
	memory := sectionOf(sectionMemory, newDraft().memory)
	at := bytes.Index(plain, memory)
	return []refused{
		{"nothing", ReasonMalformed, nil},
		{"another version", ReasonMalformed,
			append([]byte("\x00asm\x02\x00\x00\x00"), plain[8:]...)},
		{"a component", ReasonMalformed, append([]byte("\x00asm\x0d\x00\x01\x00"), plain[8:]...)},
		{"trailing byte", ReasonMalformed, append(slices.Clone(plain), 0)},
		{"section longer than the module", ReasonMalformed, append(slices.Clone(plain), 11, 90)},
		{"section of 4 GiB", ReasonMalformed,
			append(slices.Clone(plain), 11, 0xff, 0xff, 0xff, 0xff, 15)},
		{"section twice", ReasonMalformed, slices.Concat(plain[:at], memory, plain[at:])},
		{"sections out of order", ReasonMalformed,
			slices.Concat(plain[:8], memory, plain[8:at], plain[at+len(memory):])},
		{"no types", ReasonMalformed, drop(sectionType)},
		{"no functions", ReasonMalformed, drop(sectionFunction)},
		{"no memory", ReasonMalformed, drop(sectionMemory)},
		{"no globals", ReasonMalformed, drop(sectionGlobal)},
		{"no exports", ReasonMalformed, drop(sectionExport)},
		{"no code", ReasonMalformed, drop(sectionCode)},
		{"import", ReasonImport,
			section(sectionImport, append([]byte{1, 1, 'a', 1, 'b', 0}, 0)...)},
		{"import section without entries", ReasonImport, section(sectionImport, 0)},
		{"table", ReasonTable, section(sectionTable, 1, 0x70, 0, 1)},
		{"elements", ReasonTable, section(sectionElement, 1, 0, opI32Const, 0, opEnd, 1, 0)},
		{"start", ReasonStart, section(sectionStart, 0)},
		{"data count", ReasonSection, section(sectionDataCount, 0)},
		{"tags of exceptions", ReasonSection, section(13, 1, 0, 0)},
		{"unknown section", ReasonSection, section(14, 0)},
		{"section with trailing bytes", ReasonMalformed, section(sectionFunction, 2, 0, 0, 0)},
		{"long form of a section's size", ReasonNotCanonical,
			slices.Concat(plain[:at], []byte{5, 0x84, 0}, newDraft().memory,
				plain[at+len(memory):])},
		{"long form of a count", ReasonNotCanonical, section(sectionFunction, 0x82, 0, 0, 0)},
		{"number of six bytes", ReasonMalformed,
			section(sectionFunction, 0x82, 0x80, 0x80, 0x80, 0x80, 0, 0, 0)},
		{"number of 33 bits", ReasonMalformed,
			section(sectionFunction, 0x82, 0x80, 0x80, 0x80, 0x10, 0, 0)},
		{"fewer bodies than functions", ReasonMalformed,
			changed(func(d *draft) { d.bodies = d.bodies[:1] })},
		{"more bodies than functions", ReasonMalformed,
			changed(func(d *draft) { d.bodies = append(d.bodies, d.bodies[0]) })},
	}
}

func refusedDeclarations(changed changing, section replacing) []refused {
	memory := func(content ...byte) []byte { return section(sectionMemory, content...) }
	typed := func(content ...byte) []byte {
		return changed(func(d *draft) { d.types = append(d.types, content) })
	}
	global := func(content ...byte) []byte {
		return changed(func(d *draft) { d.globals = append(d.globals, content) })
	}
	data := func(content ...byte) []byte {
		return changed(func(d *draft) { d.data = append(d.data, content) })
	}
	return []refused{
		{"memory that may grow", ReasonMemory, memory(1, 1, 5, 6)},
		{"memory without a maximum", ReasonMemory, memory(1, 0, 5)},
		{"two memories", ReasonMemory, memory(2, 1, 5, 5, 1, 5, 5)},
		{"no memory in its section", ReasonMemory, memory(0)},
		{"shared memory", ReasonMemory, memory(1, 3, 5, 5)},
		{"64-bit memory", ReasonMemory, memory(1, 5, 5, 5)},
		{"memory of custom page size", ReasonMemory, memory(1, 9, 5, 5, 0)},
		{"pages of memory", ReasonLimit, memory(1, 1, 17, 17)},
		{"parameter f32", ReasonValueType, typed(formFunc, 1, 0x7d, 0)},
		{"result f64", ReasonValueType, typed(formFunc, 0, 1, 0x7c)},
		{"parameter funcref", ReasonValueType, typed(formFunc, 1, 0x70, 0)},
		{"result externref", ReasonValueType, typed(formFunc, 0, 1, 0x6f)},
		{"struct type", ReasonValueType, typed(0x5f, 0)},
		{"recursive type group", ReasonValueType, typed(0x4e, 0)},
		{"two results", ReasonSignature, typed(formFunc, 0, 2, byte(typeI32), byte(typeI32))},
		{"function of no type", ReasonTypeCheck, section(sectionFunction, 2, 0, 1)},
		{"global f32", ReasonValueType, global(0x7d, 0, 0x43, 0, 0, 0, 0, opEnd)},
		{"global v128", ReasonValueType,
			global(append([]byte{byte(typeV128), 0, prefixVec, 12},
				append(make([]byte, 16), opEnd)...)...)},
		{"global of another global", ReasonGlobal, global(byte(typeI32), 0, opGlobalGet, 0, opEnd)},
		{"global of a sum", ReasonGlobal,
			global(byte(typeI32), 0, opI32Const, 1, opI32Const, 1, 0x6a, opEnd)},
		{"global of mutability 2", ReasonMalformed, global(byte(typeI32), 2, opI32Const, 0, opEnd)},
		{"i32 global of 33 bits", ReasonMalformed,
			global(byte(typeI32), 0, opI32Const, 0xff, 0xff, 0xff, 0xff, 0x0f, opEnd)},
		{"long form of a constant", ReasonNotCanonical,
			global(byte(typeI32), 0, opI32Const, 0xff, 0x7f, opEnd)},
		{"passive data", ReasonData, data(1, 1, 'x')},
		{"data that names its memory", ReasonData, data(2, 0, opI32Const, 0, opEnd, 1, 'x')},
		{"data at a global's place", ReasonData, data(0, opGlobalGet, 0, opEnd, 1, 'x')},
		{"data outside the memory", ReasonData, data(dataAt(5*pageBytes-3, []byte("four"))...)},
		{"data at a negative place", ReasonData, data(dataAt(-1, []byte("x"))...)},
		{"data longer than its section", ReasonMalformed, data(0, opI32Const, 0, opEnd, 9, 'x')},
	}
}

func refusedExports(changed changing) []refused {
	export := func(i int, entry []byte) []byte {
		return changed(func(d *draft) { d.exports[i] = entry })
	}
	buffers := func(request, response int64) []byte {
		return changed(func(d *draft) {
			d.globals = [][]byte{globalI32(0, request), globalI32(0, response)}
		})
	}
	without := func(i int) []byte {
		return changed(func(d *draft) { d.exports = slices.Delete(d.exports, i, i+1) })
	}
	other := func(signature ...byte) []byte {
		return changed(func(d *draft) {
			d.types = append(d.types, signature)
			d.functions[1] = []byte{1}
			d.bodies[1] = code(opUnreachable)
		})
	}
	return []refused{
		{"no memory export", ReasonExport, without(0)},
		{"no request", ReasonExport, without(1)},
		{"no response", ReasonExport, without(2)},
		{"no closure", ReasonExport, without(3)},
		{"no execute", ReasonExport, without(4)},
		{"another export", ReasonExport,
			changed(func(d *draft) {
				d.exports = append(d.exports, exportOf("main", kindFunc, 0))
			})},
		{"export twice", ReasonExport,
			changed(func(d *draft) {
				d.exports = append(d.exports, exportOf("execute", kindFunc, 0))
			})},
		{"export named fuel", ReasonMetered,
			changed(func(d *draft) {
				d.exports = append(d.exports, exportOf("fuel", kindGlob, 0))
			})},
		{"memory that is a function", ReasonExport, export(0, exportOf("memory", kindFunc, 0))},
		{"memory of another index", ReasonExport, export(0, exportOf("memory", kindMem, 1))},
		{"request that is a function", ReasonExport, export(1, exportOf("request", kindFunc, 0))},
		{"request of no global", ReasonExport, export(1, exportOf("request", kindGlob, 2))},
		{"execute of no function", ReasonExport, export(4, exportOf("execute", kindFunc, 2))},
		{"execute that is a global", ReasonExport, export(4, exportOf("execute", kindGlob, 0))},
		{"execute without parameter", ReasonExport, other(formFunc, 0, 1, byte(typeI32))},
		{"execute with two parameters", ReasonExport,
			other(formFunc, 2, byte(typeI32), byte(typeI32), 1, byte(typeI32))},
		{"execute of i64", ReasonExport, other(formFunc, 1, byte(typeI64), 1, byte(typeI32))},
		{"execute without result", ReasonExport, other(formFunc, 1, byte(typeI32), 0)},
		{"mutable request", ReasonExport,
			changed(func(d *draft) { d.globals[0] = globalI32(1, 0x1000) })},
		{"request of i64", ReasonExport,
			changed(func(d *draft) {
				d.globals[0] = []byte{byte(typeI64), 0, opI64Const, 0, opEnd}
			})},
		{"request outside the memory", ReasonBuffer, buffers(0x28000, 0)},
		{"response outside the memory", ReasonBuffer, buffers(0, 0x40010)},
		{"negative request", ReasonBuffer, buffers(-16, 0x2a000)},
		{"buffers that overlap", ReasonBuffer, buffers(0x1000, 0x29ff0)},
		{"response inside the request", ReasonBuffer, buffers(0, 0x1000)},
		{"buffers that are one", ReasonBuffer, buffers(0x1000, 0x1000)},
		{"request that is not aligned", ReasonBuffer, buffers(0x1008, 0x2a010)},
	}
}

func refusedCode(with coding, changed changing) []refused {
	zero := []byte{opI32Const, 0}
	after := func(operands []byte, op ...byte) []byte {
		return with(nil, slices.Concat(operands, op, []byte{opUnreachable})...)
	}
	calling := func(bodies ...[]byte) []byte {
		return changed(func(d *draft) {
			for range len(bodies) - 2 {
				d.functions = append(d.functions, []byte{0})
			}
			d.bodies = bodies
		})
	}
	callOf := func(f byte) []byte { return code(opLocalGet, 0, opCall, f) }
	list := []refused{
		{"endless recursion", ReasonRecursion, calling(code(opI32Const, 0), callOf(1))},
		{"mutual recursion", ReasonRecursion, calling(callOf(1), callOf(0))},
		{"recursion of three", ReasonRecursion,
			calling(code(opI32Const, 0), callOf(2), callOf(3), callOf(1))},
		{"recursion in dead code", ReasonRecursion,
			calling(code(opI32Const, 0), code(opI32Const, 0, opReturn, opLocalGet, 0, opCall, 1))},
		{"indirect call", ReasonOpcode, after(zero, 0x11, 0, 0)},
		{"tail call", ReasonOpcode, after(zero, 0x12, 0)},
		{"reference call", ReasonOpcode, after(zero, 0x14, 0)},
		{"try", ReasonOpcode, with(nil, 0x06, 0x40, opEnd, opUnreachable)},
		{"throw", ReasonOpcode, with(nil, 0x08, 0)},
		{"try_table", ReasonOpcode, with(nil, 0x1f, 0x40, 0, opEnd)},
		{"typed select", ReasonOpcode, with(nil, 0x1c, 1, byte(typeI32))},
		{"table.get", ReasonOpcode, after(zero, 0x25, 0)},
		{"memory.size", ReasonOpcode, with(nil, 0x3f, 0)},
		{"memory.grow", ReasonOpcode, after(zero, 0x40, 0)},
		{"ref.null", ReasonOpcode, with(nil, 0xd0, 0x70)},
		{"memory.fill", ReasonOpcode, after(slices.Concat(zero, zero, zero), 0xfc, 11, 0)},
		{"memory.copy", ReasonOpcode, after(slices.Concat(zero, zero, zero), 0xfc, 10, 0, 0)},
		{"i32.trunc_sat_f32_s", ReasonOpcode, with(nil, 0xfc, 0)},
		{"i64.add128", ReasonOpcode, with(nil, 0xfc, 19)},
		{"atomic fence", ReasonOpcode, with(nil, 0xfe, 3, 0)},
		{"garbage collection", ReasonOpcode, with(nil, 0xfb, 0, 0)},
		{"relaxed swizzle", ReasonOpcode, with(nil, prefixVec, 0x80, 2)},
		{"relaxed dot", ReasonOpcode, with(nil, prefixVec, 0x93, 2)},
		{"vector opcode above every table", ReasonOpcode, with(nil, prefixVec, 0xff, 0xff, 3)},
		{"long form of a vector opcode", ReasonNotCanonical, with(nil, prefixVec, 0x8c, 0)},
		{"local f32", ReasonValueType, with([][]byte{{1, 0x7d}}, zero...)},
		{"local externref", ReasonValueType, with([][]byte{{1, 0x6f}}, zero...)},
		{"block of f64", ReasonValueType, with(nil, opBlock, 0x7c, opUnreachable, opEnd)},
		{"block with parameters", ReasonSignature, with(nil, opBlock, 0, opEnd)},
		{"write of the fuel to come", ReasonTypeCheck, with(nil, opI64Const, 0, opGlobalSet, 2)},
		{"read of the fuel to come", ReasonTypeCheck, with(nil, opGlobalGet, 2)},
		{"write of an immutable global", ReasonTypeCheck, with(nil, opI32Const, 0, opGlobalSet, 0)},
		{"alignment above the access", ReasonTypeCheck, after(zero, 0x28, 3, 0)},
		{"second memory in an access", ReasonTypeCheck, after(zero, 0x28, 0x42, 1, 0)},
		{"offset of 33 bits", ReasonMalformed, after(zero, 0x28, 2, 0x80, 0x80, 0x80, 0x80, 0x10)},
		{"lane out of range", ReasonTypeCheck, after(vectorZero(), prefixVec, 27, 4)},
		{"shuffle of lane 32", ReasonTypeCheck, after(append(vectorZero(), vectorZero()...),
			append([]byte{prefixVec, 13}, append(make([]byte, 15), 32)...)...)},
		{"code after the end", ReasonMalformed, with(nil, opI32Const, 0, opEnd, opNop)},
		{"no end", ReasonMalformed,
			changed(func(d *draft) { d.bodies[1] = []byte{0, opI32Const, 0} })},
		{"empty body", ReasonMalformed, changed(func(d *draft) { d.bodies[1] = nil })},
		{"body longer than its section", ReasonMalformed,
			changed(func(d *draft) {
				d.replaced[sectionCode] = []byte{2, 4, 0, opI32Const, 0, opEnd, 9, 0}
			})},
		{"i64.const of eleven bytes", ReasonMalformed,
			with(nil, append([]byte{opI64Const}, append(many(10, 0x80), 0, opUnreachable)...)...)},
		{"i64.const of 65 bits", ReasonMalformed,
			with(nil, append([]byte{opI64Const}, append(many(9, 0x80), 2, opUnreachable)...)...)},
	}
	return slices.Concat(list, refusedTypes(with, after), everyOtherOpcode(with))
}

// refusedTypes are modules that WebAssembly itself holds invalid.
func refusedTypes(with coding, after func(operands []byte, op ...byte) []byte) []refused {
	zero, wide := []byte{opI32Const, 0}, []byte{opI64Const, 0}
	return []refused{
		{"operand missing", ReasonTypeCheck, with(nil, opI32Const, 0, 0x6a)},
		{"operand of another type", ReasonTypeCheck,
			after(append(slices.Clone(zero), wide...), 0x6a)},
		{"result of another type", ReasonTypeCheck, with(nil, wide...)},
		{"result missing", ReasonTypeCheck, with(nil)},
		{"operand left", ReasonTypeCheck, with(nil, opI32Const, 0, opI32Const, 0)},
		{"operand of the block outside", ReasonTypeCheck,
			with(nil, opI32Const, 0, opBlock, byte(typeNone), opDrop, opEnd)},
		{"if with a result and no else", ReasonTypeCheck,
			with(nil, opI32Const, 0, opIf, byte(typeI32), opI32Const, 0, opEnd)},
		{"else without if", ReasonTypeCheck, with(nil, opBlock, byte(typeNone), opElse, opEnd)},
		{"two elses", ReasonTypeCheck,
			with(nil, opI32Const, 0, opIf, byte(typeNone), opElse, opElse, opEnd, opI32Const, 0)},
		{"branch to no block", ReasonTypeCheck, with(nil, opI32Const, 0, opBranch, 1)},
		{"branch table to no block", ReasonTypeCheck,
			after(append(zero, zero...), opBranchTable, 1, 0, 1)},
		{"branch table of two types", ReasonTypeCheck,
			with(nil, opI32Const, 0, opBlock, byte(typeNone), opI32Const, 0, opBranchTable, 1, 0,
				1, opEnd)},
		{"select of two types", ReasonTypeCheck, after(slices.Concat(zero, wide, zero), opSelect)},
		{"no such local", ReasonTypeCheck, with(nil, opLocalGet, 1)},
		{"call of no function", ReasonTypeCheck, with(nil, opI32Const, 0, opCall, 2)},
		{"call without argument", ReasonTypeCheck, with(nil, opCall, 0)},
	}
}

func vectorZero() []byte { return append([]byte{prefixVec, 12}, make([]byte, 16)...) }

// everyOtherOpcode is one module for each one-byte and vector opcode of WebAssembly 2.0 that works
// on floating point, and for each byte that is no opcode.
func everyOtherOpcode(with coding) (list []refused) {
	control := []byte{
		opUnreachable, opNop, opBlock, opLoop, opIf, opElse, opEnd, opBranch, opBranchIf,
		opBranchTable, opReturn, opCall, opDrop, opSelect, opLocalGet, opLocalSet, opLocalTee,
		opGlobalGet, opGlobalSet, opI32Const, opI64Const, prefixVec,
	}
	for op := range 256 {
		if !slices.Contains(control, byte(op)) && !isIntegerOpcode(op) {
			list = append(list, refused{"opcode", ReasonOpcode, with(nil, byte(op))})
		}
		if !isIntegerVectorOpcode(op) {
			list = append(list, refused{"vector opcode", ReasonOpcode,
				with(nil, appendUnsigned([]byte{prefixVec}, uint32(op))...)})
		}
	}
	return list
}

func within(op int, spans ...[2]int) bool {
	return slices.ContainsFunc(spans, func(s [2]int) bool { return op >= s[0] && op <= s[1] })
}

// isIntegerOpcode and isIntegerVectorOpcode repeat the admitted opcodes from the tables of the
// WebAssembly specification, independently of opcodes.go.
func isIntegerOpcode(op int) bool {
	return within(op, [2]int{0x28, 0x29}, [2]int{0x2c, 0x37}, [2]int{0x3a, 0x3e},
		[2]int{0x45, 0x5a}, [2]int{0x67, 0x8a}, [2]int{0xa7, 0xa7}, [2]int{0xac, 0xad},
		[2]int{0xc0, 0xc4})
}

func isIntegerVectorOpcode(op int) bool {
	floats := within(op, [2]int{19, 20}, [2]int{31, 34}, [2]int{65, 76}, [2]int{94, 95},
		[2]int{103, 106}, [2]int{116, 117}, [2]int{122, 122}, [2]int{148, 148}, [2]int{224, 255})
	unassigned := slices.Contains([]int{154, 162, 165, 166, 175, 176, 178, 179, 180, 187, 194, 197,
		198, 207, 208, 210, 211, 212}, op)
	return !floats && !unassigned
}

// refusedLimits are named for the limit that each exceeds.
func refusedLimits(changed changing, with coding) []refused {
	i32, none := byte(typeI32), byte(typeNone)
	manyOf := func(n int, item []byte) [][]byte { return slices.Repeat([][]byte{item}, n) }
	locals := func(n uint32) [][]byte { return [][]byte{append(appendUnsigned(nil, n), i32)} }
	nested := func(n int) []byte {
		return slices.Concat(many(n, opBlock, none), many(n, opEnd), []byte{opI32Const, 0})
	}
	zeros := func(n int) []byte { return slices.Concat(many(n, opI32Const, 0), many(n-1, opDrop)) }
	table := func(n int) []byte {
		targets := append(appendUnsigned(nil, uint32(n)), make([]byte, n+1)...)
		return slices.Concat([]byte{opI32Const, 0, opI32Const, 0, opBranchTable}, targets)
	}
	return []refused{
		{"bytes of a module", ReasonLimit, with(nil, append(many(1<<20, opNop), opI32Const, 0)...)},
		{"bytes of a body", ReasonLimit,
			with(nil, append(many(bodyBytesMax, opNop), opI32Const, 0)...)},
		{"types", ReasonLimit,
			changed(func(d *draft) { d.types = manyOf(typesMax+1, signatureIntToInt) })},
		{"functions", ReasonLimit, changed(func(d *draft) {
			d.functions, d.bodies = manyOf(functionsMax+1, []byte{0}), manyOf(functionsMax+1,
				code(opI32Const, 0))
		})},
		{"globals", ReasonLimit,
			changed(func(d *draft) { d.globals = manyOf(globalsMax+1, globalI32(0, 0)) })},
		{"parameters of a function", ReasonLimit, changed(func(d *draft) {
			d.types = append(d.types, append(append([]byte{formFunc, parametersMax + 1},
				many(parametersMax+1, i32)...), 0))
		})},
		{"data segments", ReasonLimit,
			changed(func(d *draft) { d.data = manyOf(dataSegmentsMax+1, dataAt(0, nil)) })},
		{"locals of a function", ReasonLimit, with(locals(localsMax), opI32Const, 0)},
		{"locals of a function", ReasonLimit, with(locals(1<<32-1), opI32Const, 0)},
		{"locals of a function", ReasonLimit, with(manyOf(200, []byte{2, i32}), opI32Const, 0)},
		{"groups of locals", ReasonLimit, with(manyOf(localsMax+1, []byte{0, i32}), opI32Const, 0)},
		{"locals of all functions", ReasonLimit, changed(func(d *draft) {
			d.functions = manyOf(40, []byte{0})
			d.bodies = manyOf(40, codeWith(locals(localsMax-1), opI32Const, 0))
		})},
		{"blocks of all functions", ReasonLimit, changed(func(d *draft) {
			d.functions = manyOf(5, []byte{0})
			d.bodies = manyOf(5,
				code(append(many(blocksOfFunctionMax, opBlock, none, opEnd), opI32Const, 0)...))
		})},
		{"nesting of blocks", ReasonLimit, with(nil, nested(nestingMax+1)...)},
		{"nesting of blocks", ReasonLimit, with(nil, nested(10_000)...)},
		{"blocks of a function", ReasonLimit,
			with(nil, append(many(blocksOfFunctionMax+1, opBlock, none, opEnd), opI32Const, 0)...)},
		{"operands on the stack", ReasonLimit, with(nil, zeros(operandsMax+1)...)},
		{"targets of a br_table", ReasonLimit, with(nil, table(branchTargetsMax+1)...)},
	}
}

// TestAdmitTakesWhatIsJustWithinTheLimits shows that each cap of TestAdmitRefuses is where it says.
func TestAdmitTakesWhatIsJustWithinTheLimits(t *testing.T) {
	none, i32 := byte(typeNone), byte(typeI32)
	d := newDraft()
	d.memory = []byte{1, 1, memoryPagesMax, memoryPagesMax}
	d.types = slices.Repeat([][]byte{signatureIntToInt}, typesMax)
	d.globals = append(d.globals, slices.Repeat([][]byte{globalI32(1, 0)}, globalsMax-2)...)
	d.data = slices.Repeat([][]byte{dataAt(memoryPagesMax*pageBytes-4, []byte("last"))},
		dataSegmentsMax)
	groups := [][]byte{append(appendUnsigned(nil, localsMax-1), i32)}
	d.bodies[1] = codeWith(groups, slices.Concat(many(nestingMax, opBlock, none),
		many(nestingMax, opEnd),
		many(blocksOfFunctionMax-nestingMax, opBlock, none, opEnd),
		many(operandsMax, opI32Const, 0), many(operandsMax-1, opDrop))...)
	if _, err := Admit(d.bytes()); err != nil {
		t.Fatal(err)
	}
}
