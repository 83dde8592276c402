package network

import (
	"fmt"
	"math/rand/v2"
	"net"
	"testing"
)

// Ports are taken from below those that systems give to outgoing connections, so that none of a
// node that is down for a moment is gone when it comes back.
const portsFrom, portsBelow = 20_000, 32_000

// freePorts returns ports of the loopback on which nobody listens now, all different.
func freePorts(t *testing.T, count int) []int {
	t.Helper()
	var ports []int
	for range 1_000 {
		if len(ports) == count {
			return ports
		}
		port := portsFrom + rand.IntN(portsBelow-portsFrom)
		listener, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port))
		if err != nil {
			continue
		}
		// Held until all are chosen.
		defer listener.Close()
		ports = append(ports, port)
	}
	t.Fatalf("no %d free ports from %d to %d", count, portsFrom, portsBelow)
	return nil
}
