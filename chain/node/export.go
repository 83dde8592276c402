package node

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"path/filepath"
	"time"

	"cosmossdk.io/log"
	dbm "github.com/cosmos/cosmos-db"
	"github.com/spf13/cobra"

	"github.com/cosmos/cosmos-sdk/baseapp"
	"github.com/cosmos/cosmos-sdk/client/flags"
	servertypes "github.com/cosmos/cosmos-sdk/server/types"
	genutiltypes "github.com/cosmos/cosmos-sdk/x/genutil/types"

	"r3mes.dev/chain/app"
)

func newExporter(release app.Release) servertypes.AppExporter {
	return func(
		logger log.Logger, db dbm.DB, trace io.Writer, height int64, forZeroHeight bool, _ []string,
		options servertypes.AppOptions, modules []string,
	) (servertypes.ExportedApp, error) {
		home, ok := options.Get(flags.FlagHome).(string)
		if !ok || home == "" {
			return servertypes.ExportedApp{}, errors.New("the home folder is not set")
		}
		if forZeroHeight {
			return servertypes.ExportedApp{}, errors.New("--for-zero-height is not supported: " +
				"windows and bonds hold heights that cannot start over")
		}
		genesis, err := genutiltypes.AppGenesisFromFile(filepath.Join(home, "config", "genesis.json"))
		if err != nil {
			return servertypes.ExportedApp{}, err
		}
		exported := app.New(
			release, logger, db, trace, height == -1, options, baseapp.SetChainID(genesis.ChainID),
		)
		if height != -1 {
			if err := exported.LoadVersion(height); err != nil {
				return servertypes.ExportedApp{}, err
			}
		}
		return exported.Export(modules)
	}
}

// beginAfterExport has the chain of an exported state begin just after the state's last block. The
// SDK's command leaves the time at which the old chain began, and a new one refuses it.
func beginAfterExport(root *cobra.Command) {
	export, _, err := root.Find([]string{"export"})
	if err != nil {
		panic(err)
	}
	write := export.RunE
	export.RunE = func(cmd *cobra.Command, args []string) error {
		document, err := cmd.Flags().GetString(flags.FlagOutputDocument)
		if err != nil {
			return err
		}
		if err := cmd.Flags().Set(flags.FlagOutputDocument, ""); err != nil {
			return err
		}
		out, text := cmd.OutOrStdout(), &bytes.Buffer{}
		cmd.SetOut(text)
		if err := write(cmd, args); err != nil {
			return err
		}
		genesis, err := genutiltypes.AppGenesisFromReader(text)
		if err != nil {
			return err
		}
		if err := beginLater(genesis); err != nil {
			return err
		}
		if document != "" {
			return genesis.SaveAs(document)
		}
		written, err := json.Marshal(genesis)
		if err != nil {
			return err
		}
		_, err = out.Write(written)
		return err
	}
}

// beginLater sets the time of a genesis by its state. What was exported of some modules alone is no
// state to begin with.
func beginLater(genesis *genutiltypes.AppGenesis) error {
	var state map[string]json.RawMessage
	if err := json.Unmarshal(genesis.AppState, &state); err != nil {
		return err
	}
	if state[app.SpentKey] == nil {
		return nil
	}
	var spent app.Spent
	if err := json.Unmarshal(state[app.SpentKey], &spent); err != nil {
		return err
	}
	genesis.GenesisTime = spent.Time.Add(time.Millisecond)
	return nil
}
