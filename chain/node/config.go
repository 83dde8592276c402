package node

import (
	"time"

	cmtconfig "github.com/cometbft/cometbft/config"

	pruningtypes "cosmossdk.io/store/pruning/types"

	serverconfig "github.com/cosmos/cosmos-sdk/server/config"
)

// questionGasMax is what a question may read: as much as ten blocks. The SDK bounds neither the rows
// of a page nor what an offset or a count walks over.
const questionGasMax = 10 * blockGasMax

// waitingBytesMax is what may wait for a block: as much as sixteen blocks hold, so that no longer queue
// pays for itself. CometBFT would keep a gigabyte, and the node each transaction a second time, decoded.
const waitingBytesMax = 16 * blockBytesMax

// AppConfig is what a new app.toml says. Every server binds loopback: whoever wants to be reached
// opens a port knowingly.
func AppConfig() *serverconfig.Config {
	c := serverconfig.DefaultConfig()
	c.MinGasPrices = "0.001uremes"
	c.QueryGasLimit = questionGasMax
	// Old versions of the state serve historical queries only; blocks are kept past the unbonding
	// time, so that evidence and late indexers find them.
	c.Pruning = pruningtypes.PruningOptionCustom
	c.PruningKeepRecent = "1000"
	c.PruningInterval = "10"
	c.MinRetainBlocks = 400_000
	c.StateSync.SnapshotInterval = 1_000
	c.StateSync.SnapshotKeepRecent = 2
	c.API.Enable = true
	c.API.Address = "tcp://127.0.0.1:1317"
	c.GRPC.Address = "127.0.0.1:9090"
	return c
}

// CometConfig is what a new config.toml says.
func CometConfig() *cmtconfig.Config {
	c := cmtconfig.DefaultConfig()
	c.P2P.ListenAddress = "tcp://127.0.0.1:26656"
	c.Consensus.TimeoutCommit = 5 * time.Second
	c.Mempool.MaxTxsBytes = waitingBytesMax
	return c
}

// QuickenBlocks leaves one second, not five, between a commit and the next proposal, as the windows
// of the dev preset expect. A proposal and two votes travel for each block; a node would look for
// what its peers lack every 100 ms and keep it for as long before it sends it, which made a block of
// four validators a third of a second longer.
func QuickenBlocks(c *cmtconfig.Config) {
	c.Consensus.TimeoutCommit = time.Second
	c.Consensus.PeerGossipSleepDuration = 10 * time.Millisecond
	c.P2P.FlushThrottleTimeout = 10 * time.Millisecond
}
