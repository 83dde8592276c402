package network

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
)

// process is a running node.
type process struct {
	pid   int
	ended chan struct{}
	// alive is the end of a pipe: once it closes, the node ends.
	alive io.Closer
}

// command is a call of the node's command line.
func command(release, home string, args ...string) (*exec.Cmd, error) {
	program, err := os.Executable()
	if err != nil {
		return nil, err
	}
	if release == earlier {
		program = *earlierNode
	}
	cmd := exec.Command(program, append(args, "--home", home)...)
	cmd.Env = append(os.Environ(), releaseVariable+"="+release)
	return cmd, nil
}

// startProcess starts the node of a home folder in a process group of its own, so that a Ctrl-C at
// the test ends it through the pipe and not in the middle of a block.
func startProcess(release, home string) (*process, error) {
	cmd, err := command(release, home, "start")
	if err != nil {
		return nil, err
	}
	log, err := os.OpenFile(logOf(home), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	defer log.Close()
	cmd.Stdout, cmd.Stderr = log, log
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	alive, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	p := &process{pid: cmd.Process.Pid, ended: make(chan struct{}), alive: alive}
	go func() {
		defer close(p.ended)
		_ = cmd.Wait() // a node that was killed has no better end
	}()
	return p, nil
}

// signal sends a signal to the whole group and waits for the node's end.
func (p *process) signal(signal syscall.Signal) {
	_ = syscall.Kill(-p.pid, signal) // it may have ended by itself
	<-p.ended
}

func (p *process) hasEnded() bool {
	select {
	case <-p.ended:
		return true
	default:
		return false
	}
}

// run runs a command of the node to its end and returns what it printed.
func run(release, home string, args ...string) (string, error) {
	cmd, err := command(release, home, args...)
	if err != nil {
		return "", err
	}
	// The command reads its standard input to learn when this process ends.
	alive, err := cmd.StdinPipe()
	if err != nil {
		return "", err
	}
	defer alive.Close()
	var failure strings.Builder
	cmd.Stderr = &failure
	output, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("remesd %s: %w: %s", strings.Join(args, " "), err, failure.String())
	}
	return string(output), nil
}

func logOf(home string) string { return filepath.Join(home, "node.log") }

// lastLines are what a node printed last.
func lastLines(home string, count int) string {
	text, err := os.ReadFile(logOf(home))
	if err != nil {
		return err.Error()
	}
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	return strings.Join(lines[max(0, len(lines)-count):], "\n")
}
