package network

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	cmtconfig "github.com/cometbft/cometbft/config"
	"github.com/cometbft/cometbft/p2p"
	"github.com/cometbft/cometbft/privval"
	rpchttp "github.com/cometbft/cometbft/rpc/client/http"

	serverconfig "github.com/cosmos/cosmos-sdk/server/config"
	sdk "github.com/cosmos/cosmos-sdk/types"

	"r3mes.dev/chain/node"
)

// validator is a node with a vote, running or not.
type validator struct {
	name    string
	home    string
	account account
	signer  *privval.FilePV
	// address of the node among its peers.
	peer   string
	config *cmtconfig.Config
	client *rpchttp.HTTP
	// running is nil while the node is meant to be down.
	running *process
}

func (v *validator) operator() sdk.ValAddress { return sdk.ValAddress(v.account.address) }

// newValidator makes a home folder with fresh keys and the settings that a new node has, apart from
// ports and pace.
func newValidator(home string, a account, p2pPort, rpcPort int) (*validator, error) {
	for _, folder := range []string{"config", "data"} {
		if err := os.MkdirAll(filepath.Join(home, folder), 0o700); err != nil {
			return nil, err
		}
	}
	config := node.CometConfig()
	config.SetRoot(home)
	config.Moniker = filepath.Base(home)
	config.P2P.ListenAddress = fmt.Sprintf("tcp://127.0.0.1:%d", p2pPort)
	config.RPC.ListenAddress = fmt.Sprintf("tcp://127.0.0.1:%d", rpcPort)
	config.RPC.PprofListenAddress = ""
	// All peers share one address, and nobody else may be met.
	config.P2P.AddrBookStrict, config.P2P.AllowDuplicateIP, config.P2P.PexReactor = false, true, false
	node.QuickenBlocks(config)

	nodeKey, err := p2p.LoadOrGenNodeKey(config.NodeKeyFile())
	if err != nil {
		return nil, err
	}
	signer := privval.GenFilePV(config.PrivValidatorKeyFile(), config.PrivValidatorStateFile())
	signer.Save()
	client, err := rpchttp.New(config.RPC.ListenAddress, "/websocket")
	if err != nil {
		return nil, err
	}
	settings := node.AppConfig()
	settings.API.Enable, settings.GRPC.Enable = false, false // all is asked through RPC
	settings.StateSync.SnapshotInterval, settings.StateSync.SnapshotKeepRecent = snapshotBlocks, 10
	serverconfig.WriteConfigFile(filepath.Join(home, "config/app.toml"), settings)
	return &validator{
		name: config.Moniker, home: home, account: a, signer: signer, config: config, client: client,
		peer: fmt.Sprintf("%s@127.0.0.1:%d", nodeKey.ID(), p2pPort),
	}, nil
}

// meet writes the node's settings, with its peers.
func (v *validator) meet(peers []string) {
	v.config.P2P.PersistentPeers = strings.Join(peers, ",")
	cmtconfig.WriteConfigFile(filepath.Join(v.home, "config/config.toml"), v.config)
}

// height is that of the node's last block.
func (v *validator) height() (int64, error) {
	status, err := v.client.Status(context.Background())
	if err != nil {
		return 0, err
	}
	if status.SyncInfo.LatestBlockHeight == 0 {
		return 0, fmt.Errorf("%s has no block", v.name)
	}
	return status.SyncInfo.LatestBlockHeight, nil
}

// reached says why the node has not yet made, or caught up with, the block of a height.
func (v *validator) reached(height int64) error {
	at, err := v.height()
	if err == nil && at < height {
		err = fmt.Errorf("%s is at height %d of %d", v.name, at, height)
	}
	return err
}

// signed says why the node's signature is not under the block of a height.
func (v *validator) signed(height int64, through *validator) error {
	commit, err := through.client.Commit(context.Background(), &height)
	if err != nil {
		return err
	}
	for _, signature := range commit.Commit.Signatures {
		if bytes.Equal(signature.ValidatorAddress, v.signer.GetAddress()) {
			return nil
		}
	}
	return fmt.Errorf("%s has not signed block %d", v.name, height)
}

// forget removes the chain from the node and leaves its keys. What it signed last is kept where it
// goes on with the same chain: signing such a height again would be punished.
func (v *validator) forget(signatures bool) error {
	data := filepath.Join(v.home, "data")
	state, err := os.ReadFile(v.config.PrivValidatorStateFile())
	if err != nil {
		return err
	}
	if err := os.RemoveAll(data); err != nil {
		return err
	}
	if err := os.MkdirAll(data, 0o700); err != nil {
		return err
	}
	if signatures {
		v.signer.Reset()
		return nil
	}
	return os.WriteFile(v.config.PrivValidatorStateFile(), state, 0o600)
}
