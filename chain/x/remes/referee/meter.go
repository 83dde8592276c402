package referee

// meter writes the module again with a counter of fuel: a mutable i64 global after the module's
// own, exported as fuel, and a charge at the head of every function and loop.
//
// Why this bounds the work. The region of a head is all that lies between it and its end without
// the bodies of nested loops. Within one passage of the head every instruction of the region runs
// at most once, because only a loop's head can be jumped back to; both arms of an if are charged
// though one runs, and code after an early exit is charged though it does not. So the charge is at
// least the work, it is known before the module runs, and it is the same on every engine. Recursion
// is refused elsewhere, so no other repetition exists.
//
// The charge comes first: a module with one unit too few stops before the region, with the same
// memory and the same fuel left everywhere.
func meter(m *module, bodies []*body) []byte {
	fuel := uint32(len(m.globals))
	m.sections[sectionGlobal] = counted(m.sections[sectionGlobal], fuel+1,
		byte(typeI64), 1, opI64Const, 0, opEnd)
	entry := append([]byte{byte(len(exportFuel))}, exportFuel...)
	entry = appendUnsigned(append(entry, kindGlob), fuel)
	m.sections[sectionExport] = counted(m.sections[sectionExport], uint32(len(m.exports))+1,
		entry...)

	code := appendUnsigned(nil, uint32(len(bodies)))
	for _, b := range bodies {
		metered := b.meter(fuel)
		code = append(appendUnsigned(code, uint32(len(metered))), metered...)
	}
	m.sections[sectionCode] = code

	out := []byte(wasmHeader)
	for id, section := range m.sections {
		if section != nil {
			out = append(out, byte(id))
			out = append(appendUnsigned(out, uint32(len(section))), section...)
		}
	}
	return out
}

// counted gives a vector section with a new count and one more entry. The count of a section that
// was read is canonical, so its length is that of the count before.
func counted(section []byte, count uint32, entry ...byte) []byte {
	old := len(appendUnsigned(nil, count-1))
	out := appendUnsigned(nil, count)
	return append(append(out, section[old:]...), entry...)
}

// meter gives the body with its charges inserted.
func (b *body) meter(fuel uint32) (out []byte) {
	last := 0
	for _, c := range b.charges {
		out = append(out, b.bytes[last:c.at]...)
		out = appendCharge(out, fuel, c.cost)
		last = c.at
	}
	return append(out, b.bytes[last:]...)
}

// appendCharge writes: if fuel < cost then unreachable; fuel = fuel - cost.
func appendCharge(out []byte, fuel, cost uint32) []byte {
	get := appendUnsigned([]byte{opGlobalGet}, fuel)
	amount := appendSigned([]byte{opI64Const}, int64(cost))
	out = append(append(out, get...), amount...)
	out = append(out, opI64LessU, opIf, byte(typeNone), opUnreachable, opEnd)
	out = append(append(out, get...), amount...)
	return appendUnsigned(append(out, opI64Sub, opGlobalSet), fuel)
}
