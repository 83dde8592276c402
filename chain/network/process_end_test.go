package network

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"testing"
)

// holderVariable tells a process to start the node of a home and to wait for its own end.
const holderVariable = "CHAIN_NETWORK_HOLDER"

func holdNode(home string) {
	if _, err := startProcess("current", home); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println("started")
	select {}
}

func TestANodeEndsWithTheProcessThatStartedIt(t *testing.T) {
	n := prepare(t, 1)
	v := n.validators[0]
	program, err := os.Executable()
	n.must(err)
	holder := exec.Command(program)
	holder.Env = append(os.Environ(), holderVariable+"="+v.home)
	output, err := holder.StdoutPipe()
	n.must(err)
	n.must(holder.Start())
	_, err = bufio.NewReader(output).ReadString('\n')
	n.must(err)
	n.eventually("the node makes blocks", func() error {
		_, err := v.height()
		return err
	})

	n.must(holder.Process.Kill())
	if holder.Wait() == nil {
		t.Fatal("the holder ended by itself")
	}
	n.eventually("the node is gone", func() error {
		if _, err := v.height(); err == nil {
			return fmt.Errorf("it still answers")
		}
		return nil
	})
}
