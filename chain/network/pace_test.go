package network

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"
)

// paceAndMemory tells how regular the blocks of four validators on one machine are, and how much
// memory a node without work takes. It asserts neither: both are the machine's as much as ours.
func paceAndMemory(t *testing.T) {
	const blocks = 40
	n := newNetwork(t)
	last := n.progress(blocks)
	witness := n.validators[0]
	var times []time.Time
	for height := last - blocks; height <= last; height++ {
		header, err := witness.client.Header(context.Background(), &height)
		n.must(err)
		times = append(times, header.Header.Time)
	}
	var intervals []time.Duration
	for i := 1; i < len(times); i++ {
		intervals = append(intervals, times[i].Sub(times[i-1]))
	}
	t.Logf("intervals of %d blocks with 1 s between a commit and the next proposal:\n%s",
		blocks, histogram(intervals))
	for _, v := range n.validators {
		t.Logf("%s holds %s after %d blocks", v.name, memoryOf(v.running.pid), last)
	}
}

// histogram counts durations by tenths of a second.
func histogram(durations []time.Duration) string {
	counts := map[time.Duration]int{}
	for _, d := range durations {
		counts[d.Truncate(100*time.Millisecond)]++
	}
	var bins []time.Duration
	for bin := range counts {
		bins = append(bins, bin)
	}
	slices.Sort(bins)
	var lines []string
	for _, bin := range bins {
		lines = append(lines, fmt.Sprintf("%5.1f s %4d", bin.Seconds(), counts[bin]))
	}
	slices.Sort(durations)
	return strings.Join(append(lines, fmt.Sprintf("median %.2f s, longest %.2f s",
		durations[len(durations)/2].Seconds(), durations[len(durations)-1].Seconds())), "\n")
}

// memoryOf is the resident memory of a process, as Linux says it.
func memoryOf(pid int) string {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return "memory that this system does not tell"
	}
	for line := range strings.Lines(string(status)) {
		if size, found := strings.CutPrefix(line, "VmRSS:"); found {
			return strings.TrimSpace(size)
		}
	}
	return "memory that this system does not tell"
}
