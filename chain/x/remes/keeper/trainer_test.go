package keeper

import (
	"encoding/binary"
	"os"
	"slices"

	"r3mes.dev/chain/x/remes/referee"
	"r3mes.dev/chain/x/remes/types"
)

// trainer trains chunks of a program of four operations, tile by tile with the referee that models
// register: an embedding, a magnitude, and an optimizer that overwrites two tensors of the state. It
// touches every source that an input can come from.
type trainer struct {
	w       *world
	module  *referee.Module
	id      []byte
	records [][]byte
	parsed  []types.Record
	table   tiles
	start   [2]tiles
	tokens  []uint32
}

// tiles are the payloads of a tensor's tiles, in the order of their indices. The shapes here fill
// their grids, so index and place are one.
type tiles [][]byte

const (
	dataTokens = 3_000
	sequences  = 2
	length     = 8 // a tile of eight rows lies in one sequence
	weightSlot = 1 // number of the first state tensor
)

// The tensors of the program, by number.
var tensorsOfProgram = []types.Layout{
	{Tensor: 0, Type: 3, Shape: []uint32{4, 64}, TileRows: 1, TileColumns: 64},   // embedding
	{Tensor: 1, Type: 3, Shape: []uint32{16, 64}, TileRows: 16, TileColumns: 32}, // factor
	{Tensor: 2, Type: 3, Shape: []uint32{16, 64}, TileRows: 16, TileColumns: 32}, // its moment
	{Tensor: 3, Type: 3, Shape: []uint32{2, 9}, TileRows: 1, TileColumns: 9},     // tokens
	{Tensor: 4, Type: 3, Shape: []uint32{1, 8}, TileRows: 1, TileColumns: 8},     // step
	{Tensor: 5, Type: 3, Shape: []uint32{16, 64}, TileRows: 8, TileColumns: 32},  // embedded tokens
	{Tensor: 6, Type: 2, Shape: []uint32{1, 1}, TileRows: 1, TileColumns: 1},     // magnitude
}

const absent = 0xffffffff

func record(kind uint16, output uint8, computed uint32, inputs []uint32, parameters ...int32) []byte {
	out := binary.LittleEndian.AppendUint16(nil, kind)
	out = append(out, output, uint8(len(inputs)), uint8(len(parameters)))
	for _, number := range append([]uint32{computed}, inputs...) {
		out = binary.LittleEndian.AppendUint32(out, number)
		if number == absent {
			continue
		}
		l := tensorsOfProgram[number]
		out = append(out, uint8(l.Type))
		out = binary.LittleEndian.AppendUint32(out, l.Shape[0])
		out = binary.LittleEndian.AppendUint32(out, l.Shape[1])
		out = binary.LittleEndian.AppendUint16(out, l.TileRows)
		out = binary.LittleEndian.AppendUint16(out, l.TileColumns)
	}
	for _, parameter := range parameters {
		out = binary.LittleEndian.AppendUint32(out, uint32(parameter))
	}
	return out
}

func newTrainer(w *world) *trainer {
	bytes, err := os.ReadFile("../../../../packages/engine/src/kernels/referee/referee.wasm")
	w.must(err)
	module, err := w.keeper.referee.Register(bytes)
	w.must(err)
	hash := module.Hash()
	optimizer := []uint32{5, 6, 4, 1, 2}
	t := &trainer{w: w, module: module, id: hash[:], records: [][]byte{
		record(1, 0, 5, []uint32{3, 0}, length),
		record(2, 0, 6, []uint32{5, absent}, 16, 64, 16, 0),
		record(51, 0, 1, optimizer, 0, 0),
		record(51, 1, 2, optimizer, 0, 0),
	}}
	for _, text := range t.records {
		parsed, err := types.ParseRecord(text)
		w.must(err)
		t.parsed = append(t.parsed, parsed)
	}
	t.table = fill(tensorsOfProgram[0], 4, 1)
	t.start = [2]tiles{fill(tensorsOfProgram[1], 2, 7), fill(tensorsOfProgram[2], 2, 0)}
	for i := range dataTokens {
		t.tokens = append(t.tokens, uint32(i*7%4))
	}
	do(w, w.msgs.RegisterReferee, &types.MsgRegisterReferee{Authority: authority, Module: bytes})
	return t
}

// fill gives a tensor small values that differ from place to place.
func fill(layout types.Layout, count, step int) tiles {
	all := make(tiles, count)
	for i := range all {
		for j := range layout.TileBytes() / 4 {
			all[i] = binary.LittleEndian.AppendUint32(all[i], uint32(step*(1000*i+j)*37%100_003))
		}
	}
	return all
}

func rootOfTiles(layout types.Layout, all tiles) types.Hash {
	return layout.Root(types.TreeRoot(leavesOf(layout, all)))
}

func leavesOf(layout types.Layout, all tiles) []types.Hash {
	leaves := make([]types.Hash, len(all))
	for i, payload := range all {
		leaves[i] = layout.TileLeaf(uint32(i), payload)
	}
	return leaves
}

func (t *trainer) program() types.StepProgram {
	leaves := make([]types.Hash, len(t.records))
	for i, text := range t.records {
		leaves[i] = types.LeafHash(text)
	}
	root := types.ProgramRoot(leaves)
	return types.StepProgram{
		Root: root[:], Operations: 4, StateTensors: 2, Rank: 16, Batch: sequences, Sequence: length,
		Optimizer: types.OPTIMIZER_LION, Work: 33_600_000_000, Weights: 1,
		StateWriters: []uint32{2, 3},
	}
}

func (t *trainer) model() types.Model {
	model := testModel(t.id)
	backbone := types.BackboneRoot([]types.Hash{rootOfTiles(tensorsOfProgram[0], t.table)})
	adapter := types.TreeRoot(stateRoots(t.start))
	model.BackboneRoot, model.InitialAdapterRoot = backbone[:], adapter[:]
	model.Programs = []types.StepProgram{t.program()}
	return model
}

func stateRoots(state [2]tiles) []types.Hash {
	return []types.Hash{
		rootOfTiles(tensorsOfProgram[1], state[0]), rootOfTiles(tensorsOfProgram[2], state[1]),
	}
}

// shardLeaves are the leaves of the one shard, the last padded with zeros.
func (t *trainer) shardLeaves() (types.Layout, tiles) {
	layout := types.Layout{
		Type: 7, Shape: []uint32{dataTokens}, TileRows: 1, TileColumns: types.LimitShardLeafTokens,
	}
	var all tiles
	for first := 0; first < dataTokens; first += types.LimitShardLeafTokens {
		leaf := make([]byte, 4*types.LimitShardLeafTokens)
		for i := first; i < min(first+types.LimitShardLeafTokens, dataTokens); i++ {
			binary.LittleEndian.PutUint32(leaf[4*(i-first):], t.tokens[i])
		}
		all = append(all, leaf)
	}
	return layout, all
}

func (t *trainer) datasetRoot() []byte {
	layout, all := t.shardLeaves()
	root := types.DatasetRoot([]types.Hash{rootOfTiles(layout, all)})
	return root[:]
}

// batch are the tiles of the tokens of a step.
func (t *trainer) batch(chunk uint64, step int) tiles {
	var all tiles
	for sequence := range sequences {
		record := int(chunk)*localSteps*sequences + (step-1)*sequences + sequence
		var tile []byte
		for _, token := range t.tokens[record*length : record*length+length+1] {
			tile = binary.LittleEndian.AppendUint32(tile, token)
		}
		all = append(all, tile)
	}
	return all
}

// trace is what one step computed: every tensor by number, the state before it apart.
type trace struct {
	values map[uint32]tiles
	before [2]tiles
}

// operations are the slots of the trace: the outputs of the records.
func (tr trace) operations(t *trainer) []types.Hash {
	slots := make([]types.Hash, len(t.parsed))
	for i, record := range t.parsed {
		root := rootOfTiles(record.Output, tr.values[record.Output.Tensor])
		slots[i] = types.OperationRoot([]types.Hash{root})
	}
	return slots
}

func (tr trace) after() [2]tiles { return [2]tiles{tr.values[1], tr.values[2]} }

// input is the value of a tensor as an operation reads it.
func (tr trace) input(tensor uint32) tiles {
	if tensor == 1 || tensor == 2 {
		return tr.before[tensor-weightSlot]
	}
	return tr.values[tensor]
}

// tamper changes a tile that a step computed, or leaves it.
type tamper func(step, record, tile int, payload []byte) []byte

func honest(_, _, _ int, payload []byte) []byte { return payload }

// wrongAt flips a bit of one tile of one step.
func wrongAt(step, record, tile int) tamper {
	return func(s, r, i int, payload []byte) []byte {
		if s == step && r == record && i == tile {
			payload = slices.Clone(payload)
			payload[0] ^= 1
		}
		return payload
	}
}

// run is one party's training of a chunk.
type run struct {
	t      *trainer
	pool   types.Pool
	round  types.Round
	chunk  uint64
	states []types.Hash
	traces []trace
}

func (t *trainer) train(poolID, chunk uint64, cheat tamper) *run {
	pool, round := t.w.pool(poolID), t.w.round(poolID, 1)
	r := &run{t: t, pool: pool, round: round, chunk: chunk}
	state := t.start
	for step := 1; step <= localSteps; step++ {
		tr := trace{before: state, values: map[uint32]tiles{
			0: t.table, 3: t.batch(chunk, step),
			4: {types.StepConstants(pool, round, chunk, uint32(step))},
		}}
		computed := map[uint32]tiles{}
		for i, record := range t.parsed {
			all := make(tiles, 1<<record.Output.Depth())
			for tile := range all {
				payload := t.compute(tr, i, tile, nil)
				all[tile] = cheat(step, i, tile, payload)
			}
			if i < 2 { // later operations read it
				tr.values[record.Output.Tensor] = all
			}
			computed[record.Output.Tensor] = all
		}
		tr.values[1], tr.values[2] = computed[1], computed[2]
		state = tr.after()
		r.traces = append(r.traces, tr)
		r.states = append(r.states, types.StateRoot(
			pool.Id, uint64(round.Number), chunk, uint32(step), types.TreeRoot(stateRoots(state))))
	}
	return r
}

// compute runs the referee on one tile of a trace, and notes which ranges it names.
func (t *trainer) compute(tr trace, record, tile int, named *[]referee.Range) []byte {
	task := referee.Task{Op: t.records[record], Tile: uint32(tile), Fuel: 60_000_000}
	if record >= 2 {
		task.Constants = tr.values[4][0]
	}
	payload, outcome, err := t.module.Run(task, func(r referee.Range) ([]byte, error) {
		if named != nil {
			*named = append(*named, r)
		}
		var joined []byte
		for i := range r.Count {
			input := tr.input(t.parsed[record].Inputs[r.Slot].Tensor)
			joined = append(joined, input[r.First+i*r.Stride]...)
		}
		return joined, nil
	})
	t.w.must(err)
	if outcome.Code != referee.Done {
		t.w.t.Fatalf("record %d, tile %d: %v", record, tile, outcome)
	}
	return payload
}

func bytesOf(list []types.Hash) [][]byte {
	out := make([][]byte, len(list))
	for i, hash := range list {
		out[i] = slices.Clone(hash[:])
	}
	return out
}

// nodes are those of a height in the tree of slots below one node, from the left.
func nodes(slots []types.Hash, depth, height int, below, count uint64) []types.Hash {
	padded := make([]types.Hash, 1<<depth)
	copy(padded, slots)
	list := make([]types.Hash, count)
	for i := range list {
		first := (below*count + uint64(i)) << height
		list[i] = types.TreeRoot(padded[first : first+1<<height])
	}
	return list
}

// slots are the slots of the tree that a case bisects, as a run has them.
func (r *run) slots(c types.Case) []types.Hash {
	switch c.Claim.Stage {
	case types.CASE_STAGE_STEPS:
		return r.states
	case types.CASE_STAGE_OPERATIONS:
		return r.traces[c.Step-1].operations(r.t)
	}
	output := r.t.parsed[c.Operation].Output
	return leavesOf(output, r.traces[c.Step-1].values[output.Tensor])
}

// shown are the nodes that a run has below the claim of a case. Every tree here fits one post.
func (r *run) shown(c types.Case) []types.Hash {
	slots := r.slots(c)
	depth := types.TreeDepth(uint64(len(slots)))
	return nodes(slots, depth, 0, 0, 1<<depth)
}

// post is the move of a defender with this run.
func (r *run) post(c types.Case, operator string) *types.MsgPostTrace {
	msg := &types.MsgPostTrace{Operator: operator, CaseId: c.Id, Children: bytesOf(r.shown(c))}
	switch c.Claim.Stage {
	case types.CASE_STAGE_OPERATIONS:
		operations := r.traces[c.Step-1].operations(r.t)
		root := types.TraceRoot(operations)
		msg.TraceRoot = root[:]
		msg.Binding = &types.TraceBinding{
			StateTensorRoots: bytesOf(stateRoots(r.traces[c.Step-1].after())),
			Proof: types.MerkleMultiproof{
				Hashes: bytesOf(types.ProveSlots(operations, []uint64{2, 3})),
			},
		}
		if c.Kind == types.CASE_KIND_DIGEST { // it names all four
			msg.Binding.DigestRoots = bytesOf(operations)
		}
	case types.CASE_STAGE_TILES:
		leaves := make([]types.Hash, len(r.t.records))
		for i, text := range r.t.records {
			leaves[i] = types.LeafHash(text)
		}
		msg.Record = r.t.records[c.Operation]
		msg.RecordProof = &types.MerkleProof{
			Index:    uint64(c.Operation),
			Siblings: bytesOf(types.ProveSlots(leaves, []uint64{uint64(c.Operation)})),
		}
	}
	return msg
}

// differs is the first posted node that this run has not, or 0.
func (r *run) differs(c types.Case) uint32 {
	for i, hash := range r.shown(c) {
		if string(hash[:]) != string(c.Claim.Children[i]) {
			return uint32(i)
		}
	}
	return 0
}

// execution brings what the disputed tile reads: values of this run, proven in the defender's trace.
func (r *run) execution(c types.Case, defender *run) *types.MsgExecuteTile {
	tr, record := r.traces[c.Step-1], int(c.Operation)
	var named []referee.Range
	r.t.compute(tr, record, int(c.Claim.Index), &named)
	msg := &types.MsgExecuteTile{Executor: r.t.w.address("c"), CaseId: c.Id}
	operations := defender.traces[c.Step-1].operations(r.t)
	for _, n := range named {
		layout := *r.t.parsed[record].Inputs[n.Slot]
		input := types.TileInput{Slot: n.Slot, First: n.First, Count: n.Count, Stride: n.Stride}
		if layout.Tensor == 3 {
			msg.Shards = r.t.provenLeaves(r.chunk, int(c.Step))
			msg.Inputs = append(msg.Inputs, input)
			continue
		}
		all := tr.input(layout.Tensor)
		var indices []uint64
		for i := range n.Count {
			indices = append(indices, uint64(n.First+i*n.Stride))
			input.Payload = append(input.Payload, all[n.First+i*n.Stride]...)
		}
		input.Proof.Hashes = bytesOf(types.ProveSlots(leavesOf(layout, all), indices))
		place, list := r.t.listOf(tr, layout.Tensor, operations)
		input.TensorProof = types.MerkleProof{
			Index: place, Siblings: bytesOf(types.ProveSlots(list, []uint64{place})),
		}
		msg.Inputs = append(msg.Inputs, input)
	}
	return msg
}

// listOf is the agreed list that a tensor is proven in, and its place there.
func (t *trainer) listOf(
	tr trace, tensor uint32, operations []types.Hash,
) (uint64, []types.Hash) {
	switch {
	case tensor == 0:
		return 0, []types.Hash{rootOfTiles(tensorsOfProgram[0], t.table)}
	case tensor <= 2:
		return uint64(tensor - weightSlot), stateRoots(tr.before)
	}
	return uint64(tensor - 5), operations
}

// provenLeaves are the leaves that hold the batch of a step.
func (t *trainer) provenLeaves(chunk uint64, step int) []types.ShardLeaves {
	layout, all := t.shardLeaves()
	first := (int(chunk)*localSteps*sequences + (step-1)*sequences) * length
	last := first + sequences*length
	proven := types.ShardLeaves{}
	var indices []uint64
	for leaf := first / 1024; leaf <= last/1024; leaf++ {
		indices = append(indices, uint64(leaf))
		proven.Leaves = append(proven.Leaves, uint32(leaf))
		proven.Payload = append(proven.Payload, all[leaf]...)
	}
	proven.Proof.Hashes = bytesOf(types.ProveSlots(leavesOf(layout, all), indices))
	return []types.ShardLeaves{proven}
}
