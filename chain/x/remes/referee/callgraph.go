package referee

// acyclic tells whether no function can reach itself. Depth of calls is then at most the number of
// functions, so that no engine's limit of its own stack, which differs between engines and
// processors, can ever be met.
func acyclic(calls [][]uint32) bool {
	const (
		unseen = iota
		onPath
		finished
	)
	state := make([]byte, len(calls))
	var visit func(f uint32) bool
	visit = func(f uint32) bool {
		if state[f] != unseen {
			return state[f] == finished
		}
		state[f] = onPath
		for _, callee := range calls[f] {
			if !visit(callee) {
				return false
			}
		}
		state[f] = finished
		return true
	}
	for f := range calls {
		if !visit(uint32(f)) {
			return false
		}
	}
	return true
}
