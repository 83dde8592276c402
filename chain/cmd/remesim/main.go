// remesim runs the chain in one process for simulations: one JSON request a line on standard input,
// one JSON answer a line on standard output. The requests and answers are those of package sim.
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"

	"r3mes.dev/chain/sim"
)

// A chain of a simulation lives in some tens of megabytes, most of them short-lived.
const garbagePercent = 400

func main() {
	debug.SetGCPercent(garbagePercent)
	if err := serve(os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func serve(from io.Reader, to io.Writer) error {
	chain := &sim.Chain{}
	in, out := bufio.NewReader(from), bufio.NewWriter(to)
	for {
		line, err := in.ReadBytes('\n')
		if errors.Is(err, io.EOF) && len(line) == 0 {
			return out.Flush()
		}
		if err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		if err := json.NewEncoder(out).Encode(answer(chain, line)); err != nil {
			return err
		}
		if in.Buffered() == 0 { // nobody waits for an answer while more requests are there
			if err := out.Flush(); err != nil {
				return err
			}
		}
	}
}

func answer(chain *sim.Chain, line []byte) sim.Answer {
	var request sim.Request
	if err := json.Unmarshal(line, &request); err != nil {
		return sim.Answer{Error: err.Error()}
	}
	return chain.Handle(request)
}
