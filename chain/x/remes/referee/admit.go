package referee

import "fmt"

// module is what the reading of a module's sections has found so far.
type module struct {
	types     []functionType
	functions []functionType // by function index
	globals   []global
	pages     uint32
	exports   map[string]export
	sections  [sectionDataCount + 1][]byte
	bases     [sectionDataCount + 1]int
}

type functionType struct {
	parameters []valueType
	result     valueType
}

type global struct {
	valueType valueType
	mutable   bool
	value     int64
}

type export struct {
	kind  byte
	index uint32
}

const wasmHeader = "\x00asm\x01\x00\x00\x00"

const (
	sectionCustom    = 0
	sectionType      = 1
	sectionImport    = 2
	sectionFunction  = 3
	sectionTable     = 4
	sectionMemory    = 5
	sectionGlobal    = 6
	sectionExport    = 7
	sectionStart     = 8
	sectionElement   = 9
	sectionCode      = 10
	sectionData      = 11
	sectionDataCount = 12
)

const (
	kindFunc = 0x00 // of an export
	kindMem  = 0x02
	kindGlob = 0x03
	formFunc = 0x60 // of a type
)

// Names of the exports of spec/referee.md section 1, and of the global that the meter adds.
const (
	exportMemory   = "memory"
	exportRequest  = "request"
	exportResponse = "response"
	exportClosure  = "closure"
	exportExecute  = "execute"
	exportFuel     = "fuel"
)

// Admit reads a module as spec/referee.md section 7 asks and gives the metered module, which is
// what runs. The result depends on the bytes alone. Every error is a *Refusal.
//
// A module that is admitted is valid WebAssembly: the reading checks types too, so that whether a
// module is registered never hangs on an engine's own opinion.
func Admit(wasm []byte) (metered []byte, err error) {
	if len(wasm) > ModuleBytesMax {
		return nil, &Refusal{Reason: ReasonLimit, What: "bytes of a module",
			Value: uint64(len(wasm)), Max: ModuleBytesMax}
	}
	m := &module{exports: map[string]export{}}
	r := &reader{bytes: wasm}
	m.readSections(r)
	if r.err != nil {
		return nil, r.err
	}
	for _, read := range []func() *reader{
		m.readTypes, m.readFunctions, m.readMemory, m.readGlobals, m.readExports, m.readData,
	} {
		if part := read(); part.err != nil {
			return nil, part.err
		}
	}
	if refusal := m.checkInterface(); refusal != nil {
		return nil, refusal
	}
	bodies, refusal := m.readCode()
	if refusal != nil {
		return nil, refusal
	}
	return meter(m, bodies), nil
}

// readSections cuts the module into its sections, refuses those that a referee has no use for, and
// drops the custom ones: names and producers have no meaning to a run.
func (m *module) readSections(r *reader) {
	if string(r.take(uint32(len(wasmHeader)), "header")) != wasmHeader {
		r.fail(ReasonMalformed, "not a WebAssembly module of version 1")
	}
	last := byte(sectionCustom)
	for !r.done() {
		id := r.byte()
		if refusal := forbiddenSection(id); refusal != nil {
			r.failWith(refusal)
			return
		}
		part := r.part(r.u32(), "section")
		if id == sectionCustom || part.err != nil {
			r.err = part.err
			continue
		}
		if id <= last {
			r.fail(ReasonMalformed, fmt.Sprintf("section %d twice or out of order", id))
			return
		}
		last = id
		m.sections[id], m.bases[id] = part.bytes, part.base
	}
	for _, id := range []int{
		sectionType, sectionFunction, sectionMemory, sectionGlobal, sectionExport, sectionCode,
	} {
		if m.sections[id] == nil {
			r.fail(ReasonMalformed, fmt.Sprintf("section %d is missing", id))
		}
	}
}

func forbiddenSection(id byte) *Refusal {
	switch id {
	case sectionCustom, sectionType, sectionFunction, sectionMemory, sectionGlobal,
		sectionExport, sectionCode, sectionData:
		return nil
	case sectionImport:
		return &Refusal{Reason: ReasonImport, What: "section of imports"}
	case sectionTable, sectionElement:
		return &Refusal{Reason: ReasonTable, What: "section of tables or elements"}
	case sectionStart:
		return &Refusal{Reason: ReasonStart, What: "start function"}
	default:
		return &Refusal{Reason: ReasonSection, What: fmt.Sprintf("section %d", id)}
	}
}

func (m *module) section(id int) *reader {
	return &reader{bytes: m.sections[id], base: m.bases[id]}
}

// ended reports bytes that a section holds beyond what it says.
func (r *reader) ended() *reader {
	if r.err == nil && r.at != len(r.bytes) {
		r.fail(ReasonMalformed, "section has trailing bytes")
	}
	return r
}

func (m *module) readTypes() *reader {
	r := m.section(sectionType)
	for n := r.count(typesMax, "types"); n > 0 && r.err == nil; n-- {
		if form := r.byte(); r.err == nil && form != formFunc {
			r.fail(ReasonValueType, fmt.Sprintf("type form 0x%02x", form))
		}
		t := functionType{result: typeNone}
		for p := r.count(parametersMax, "parameters of a function"); p > 0 && r.err == nil; p-- {
			t.parameters = append(t.parameters, r.valueType())
		}
		results := r.u32()
		if r.err == nil && results > 1 {
			r.fail(ReasonSignature, "function with several results")
		}
		if r.err == nil && results == 1 {
			t.result = r.valueType()
		}
		m.types = append(m.types, t)
	}
	return r.ended()
}

func (m *module) readFunctions() *reader {
	r := m.section(sectionFunction)
	for n := r.count(functionsMax, "functions"); n > 0 && r.err == nil; n-- {
		index := r.u32()
		if r.err != nil || uint64(index) >= uint64(len(m.types)) {
			r.fail(ReasonTypeCheck, "function of no type")
			break
		}
		m.functions = append(m.functions, m.types[index])
	}
	return r.ended()
}

// readMemory wants one memory whose minimum is its maximum: what a growing memory answers depends
// on the machine.
func (m *module) readMemory() *reader {
	r := m.section(sectionMemory)
	if n := r.u32(); r.err == nil && n != 1 {
		r.fail(ReasonMemory, "number of memories is not one")
	}
	if flags := r.byte(); r.err == nil && flags != 1 {
		r.fail(ReasonMemory, fmt.Sprintf("memory of kind 0x%02x", flags))
	}
	m.pages = r.count(memoryPagesMax, "pages of memory")
	if maximum := r.u32(); r.err == nil && maximum != m.pages {
		r.fail(ReasonMemory, "minimum and maximum differ")
	}
	return r.ended()
}

func (m *module) readGlobals() *reader {
	r := m.section(sectionGlobal)
	for n := r.count(globalsMax, "globals"); n > 0 && r.err == nil; n-- {
		g := global{valueType: valueType(r.byte())}
		mutability := r.byte()
		if r.err == nil && g.valueType != typeI32 && g.valueType != typeI64 {
			r.fail(ReasonValueType, fmt.Sprintf("global of type 0x%02x", byte(g.valueType)))
		}
		if r.err == nil && mutability > 1 {
			r.fail(ReasonMalformed, "mutability of a global")
		}
		g.mutable = mutability == 1
		g.value = r.constant(g.valueType, ReasonGlobal)
		m.globals = append(m.globals, g)
	}
	return r.ended()
}

// constant reads an initial value: one constant of the type, and end.
func (r *reader) constant(t valueType, reason Reason) (value int64) {
	opcode, bits := byte(opI32Const), 32
	if t == typeI64 {
		opcode, bits = opI64Const, 64
	}
	if op := r.byte(); r.err == nil && op != opcode {
		r.fail(reason, "initial value that is not a constant")
	}
	value = r.signed(bits)
	if op := r.byte(); r.err == nil && op != opEnd {
		r.fail(reason, "initial value of several instructions")
	}
	return value
}

func (m *module) readExports() *reader {
	r := m.section(sectionExport)
	for n := r.u32(); n > 0 && r.err == nil; n-- {
		name := string(r.take(r.u32(), "name of an export"))
		e := export{kind: r.byte(), index: r.u32()}
		switch _, twice := m.exports[name]; {
		case r.err != nil:
		case name == exportFuel:
			r.fail(ReasonMetered, "export named fuel")
		case twice:
			r.fail(ReasonExport, "export given twice")
		case !wanted(name):
			r.fail(ReasonExport, "export that a referee does not have")
		}
		m.exports[name] = e
	}
	return r.ended()
}

func wanted(name string) bool {
	switch name {
	case exportMemory, exportRequest, exportResponse, exportClosure, exportExecute:
		return true
	}
	return false
}

// readData wants active segments at a constant place inside the memory, so that an instance always
// comes to be.
func (m *module) readData() *reader {
	r := m.section(sectionData)
	if m.sections[sectionData] == nil {
		return r
	}
	for n := r.count(dataSegmentsMax, "data segments"); n > 0 && r.err == nil; n-- {
		if mode := r.u32(); r.err == nil && mode != 0 {
			r.fail(ReasonData, "segment that is passive or names a memory")
		}
		offset := uint32(r.constant(typeI32, ReasonData))
		content := r.take(r.u32(), "data segment")
		if r.err == nil && uint64(offset)+uint64(len(content)) > uint64(m.pages)*pageBytes {
			r.fail(ReasonData, "segment outside the memory")
		}
	}
	return r.ended()
}

// readCode reads every function and refuses recursion.
func (m *module) readCode() ([]*body, *Refusal) {
	r := m.section(sectionCode)
	n := r.count(functionsMax, "functions")
	if r.err == nil && uint64(n) != uint64(len(m.functions)) {
		r.fail(ReasonMalformed, "number of bodies is not that of functions")
	}
	var bodies []*body
	var calls [][]uint32
	var locals, blocks uint32
	for i := 0; i < int(n) && r.err == nil; i++ {
		part := r.part(r.count(bodyBytesMax, "bytes of a body"), "body of a function")
		b := readBody(part, m, m.functions[i])
		r.join(part, "body of a function")
		bodies, calls = append(bodies, b), append(calls, b.calls)
		locals, blocks = locals+uint32(len(b.locals)), blocks+b.blocks
		r.within(locals, localsOfModuleMax, "locals of all functions")
		r.within(blocks, blocksOfModuleMax, "blocks of all functions")
	}
	if r.ended(); r.err == nil && !acyclic(calls) {
		r.fail(ReasonRecursion, "function that can reach itself")
	}
	return bodies, r.err
}
