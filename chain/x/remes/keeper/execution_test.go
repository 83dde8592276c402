package keeper

import (
	"bytes"
	"encoding/binary"
	"errors"
	"slices"
	"testing"

	"r3mes.dev/chain/x/remes/types"
)

// trapping is a referee that names the leaves that another one names, and traps where it is executed.
func trapping(t *testing.T, module []byte) []byte {
	t.Helper()
	module = bytes.Clone(module)
	var execute uint64
	sections := wasm(module[8:])
	for len(sections) > 0 {
		id := sections[0]
		sections = sections[1:]
		section := wasm(sections.take(sections.number()))
		switch id {
		case 7: // exports
			for range section.number() {
				name := section.take(section.number())
				section.take(1)
				if index := section.number(); string(name) == "execute" {
					execute = index
				}
			}
		case 10: // code, in place
			for function := range section.number() {
				body := section.take(section.number())
				if function == execute {
					for i := range body {
						body[i] = 0x01 // nop
					}
					body[0], body[1], body[len(body)-1] = 0, 0x00, 0x0b // no locals, unreachable, end
					return module
				}
			}
		}
	}
	t.Fatal("the module executes nothing")
	return nil
}

// wasm is a part of a module that is read from its front.
type wasm []byte

func (w *wasm) number() uint64 {
	number, size := binary.Uvarint(*w)
	*w = (*w)[size:]
	return number
}

func (w *wasm) take(count uint64) []byte {
	taken := (*w)[:count]
	*w = (*w)[count:]
	return taken
}

// A referee that traps ends the case, so whatever leaves it open was not executed.
func TestNothingIsExecutedBeforeItIsProven(t *testing.T) {
	c := accepted(t, wrongAt(2, 2, 0), unchanged)
	id := c.challenge("c", 0).CaseId
	c.play(id, c.liar, c.truth, c.operatorOf("m1"), c.address("c"))
	model, err := c.keeper.Models.Get(c.ctx, 1)
	c.must(err)
	honest, err := c.keeper.RefereeModules.Get(c.ctx, model.RefereeId)
	c.must(err)
	model.RefereeId = do(c.world, c.msgs.RegisterReferee, &types.MsgRegisterReferee{
		Authority: authority, Module: trapping(t, honest)}).Id
	c.must(c.keeper.Models.Set(c.ctx, 1, model))
	for name, change := range map[string]func(*types.MsgExecuteTile){
		"without its inputs": func(msg *types.MsgExecuteTile) { msg.Inputs = nil },
		"with one too few": func(msg *types.MsgExecuteTile) {
			msg.Inputs = msg.Inputs[:len(msg.Inputs)-1]
		},
		"with one too many": func(msg *types.MsgExecuteTile) {
			msg.Inputs = append(slices.Clip(msg.Inputs), msg.Inputs[0])
		},
		"with a wrong one": func(msg *types.MsgExecuteTile) {
			last := &msg.Inputs[len(msg.Inputs)-1]
			last.Payload = bytes.Clone(last.Payload)
			last.Payload[0] ^= 1
		},
	} {
		tile := c.truth.execution(c.file(id), c.liar)
		change(tile)
		answer, err := deliver(c.world, c.msgs.ExecuteTile, tile)
		if err == nil || errors.Is(err, types.ErrCaseClosed) || !c.file(id).Open() {
			t.Errorf("a tile %s is executed: %v, %v", name, answer, err)
		}
	}
	if outcome := c.execute(id, c.truth, c.liar); outcome != types.CASE_OUTCOME_UNDECIDED {
		t.Fatalf("a tile that traps ends its case %s", outcome)
	}
}
