package referee

// checkInterface wants the five exports of spec/referee.md section 1 with their exact kinds, and
// two buffers of fixed place inside the memory that do not overlap.
func (m *module) checkInterface() *Refusal {
	if e, ok := m.exports[exportMemory]; !ok || e.kind != kindMem || e.index != 0 {
		return m.refuseInterface(ReasonExport, "memory is not exported as memory")
	}
	for _, name := range []string{exportClosure, exportExecute} {
		e, ok := m.exports[name]
		if !ok || e.kind != kindFunc || uint64(e.index) >= uint64(len(m.functions)) ||
			!m.functions[e.index].isEntry() {
			return m.refuseInterface(ReasonExport, name+" is not a function from i32 to i32")
		}
	}
	request, ok := m.bufferAt(exportRequest)
	if !ok {
		return m.refuseInterface(ReasonExport, "request is not an immutable i32 global")
	}
	response, ok := m.bufferAt(exportResponse)
	if !ok {
		return m.refuseInterface(ReasonExport, "response is not an immutable i32 global")
	}
	memory := uint64(m.pages) * pageBytes
	switch {
	case request%bufferAlignment != 0 || response%bufferAlignment != 0:
		return m.refuseInterface(ReasonBuffer, "buffer that is not aligned")
	case request+requestBufferBytes > memory || response+responseBufferBytes > memory:
		return m.refuseInterface(ReasonBuffer, "buffer outside the memory")
	case request < response+responseBufferBytes && response < request+requestBufferBytes:
		return m.refuseInterface(ReasonBuffer, "buffers that overlap")
	}
	return nil
}

func (m *module) refuseInterface(reason Reason, what string) *Refusal {
	return &Refusal{Reason: reason, What: what, Offset: m.bases[sectionExport]}
}

func (t functionType) isEntry() bool {
	return len(t.parameters) == 1 && t.parameters[0] == typeI32 && t.result == typeI32
}

func (m *module) bufferAt(name string) (offset uint64, ok bool) {
	e, found := m.exports[name]
	if !found || e.kind != kindGlob || uint64(e.index) >= uint64(len(m.globals)) {
		return 0, false
	}
	g := m.globals[e.index]
	return uint64(uint32(g.value)), g.valueType == typeI32 && !g.mutable
}
