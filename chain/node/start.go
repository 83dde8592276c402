package node

import (
	"errors"
	"fmt"

	cmtconfig "github.com/cometbft/cometbft/config"
	"github.com/spf13/cobra"

	"github.com/cosmos/cosmos-sdk/server"
)

// refuseForgetting has the start command refuse settings by which this node would forget what waits.
func refuseForgetting(root *cobra.Command) {
	start, _, err := root.Find([]string{"start"})
	if err != nil {
		panic(err)
	}
	run := start.RunE
	start.RunE = func(cmd *cobra.Command, args []string) error {
		mempool := server.GetServerContextFromCmd(cmd).Config.Mempool
		if err := checkMempool(mempool); err != nil {
			return err
		}
		return run(cmd, args)
	}
}

// checkMempool: what this node proposes is what CometBFT shows it, and shows it again behind each block.
// Otherwise a transaction that ten blocks had no room for would never be proposed by this node again, and
// be refused here when it is sent again, since CometBFT still holds it.
func checkMempool(mempool *cmtconfig.MempoolConfig) error {
	if mempool.Type != cmtconfig.MempoolTypeFlood {
		return fmt.Errorf(
			"mempool.type in config.toml is %q: this node has nothing to propose but what %q shows it",
			mempool.Type, cmtconfig.MempoolTypeFlood)
	}
	if !mempool.Recheck {
		return errors.New("mempool.recheck in config.toml is false: " +
			"what waits for more than ten blocks would never be proposed by this node; set it to true")
	}
	return nil
}
