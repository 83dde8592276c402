// Package node is the node of the chain as a program: its command line, its settings, its genesis.
// It holds no rule of the state machine.
package node

import (
	"io"
	"os"

	"cosmossdk.io/log"
	confixcmd "cosmossdk.io/tools/confix/cmd"
	dbm "github.com/cosmos/cosmos-db"
	"github.com/spf13/cobra"

	"github.com/cosmos/cosmos-sdk/client"
	"github.com/cosmos/cosmos-sdk/client/config"
	"github.com/cosmos/cosmos-sdk/client/debug"
	"github.com/cosmos/cosmos-sdk/client/keys"
	"github.com/cosmos/cosmos-sdk/client/pruning"
	"github.com/cosmos/cosmos-sdk/client/rpc"
	"github.com/cosmos/cosmos-sdk/client/snapshot"
	"github.com/cosmos/cosmos-sdk/server"
	serverconfig "github.com/cosmos/cosmos-sdk/server/config"
	servertypes "github.com/cosmos/cosmos-sdk/server/types"
	simtestutil "github.com/cosmos/cosmos-sdk/testutil/sims"
	authcmd "github.com/cosmos/cosmos-sdk/x/auth/client/cli"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"
	genutilcli "github.com/cosmos/cosmos-sdk/x/genutil/client/cli"

	"r3mes.dev/chain/app"
)

func newRootCommand(release app.Release) *cobra.Command {
	newServerApp := func(
		logger log.Logger, db dbm.DB, trace io.Writer, options servertypes.AppOptions,
	) servertypes.Application {
		base := server.DefaultBaseappOptions(options)
		return app.New(release, logger, db, trace, true, options, base...)
	}
	// An app on an empty store lends its codecs and the description of every module's commands.
	lender := app.New(
		release, log.NewNopLogger(), dbm.NewMemDB(), nil, false, simtestutil.EmptyAppOptions{},
	)
	base := client.Context{}.
		WithCodec(lender.Codec()).WithInterfaceRegistry(lender.InterfaceRegistry()).
		WithLegacyAmino(lender.LegacyAmino()).WithTxConfig(lender.TxConfig()).
		WithAccountRetriever(authtypes.AccountRetriever{}).
		WithInput(os.Stdin).WithHomeDir(app.DefaultHome).WithViper("REMESD")

	root := &cobra.Command{
		Use:   app.Name,
		Short: "A node of the R3MES chain",
		// A node that fails must end with its reason: a page of flags behind it would hide it.
		SilenceUsage: true,
		PersistentPreRunE: func(cmd *cobra.Command, _ []string) error {
			cmd.SetOut(cmd.OutOrStdout())
			cmd.SetErr(cmd.ErrOrStderr())
			ctx, err := client.ReadPersistentCommandFlags(
				base.WithCmdContext(cmd.Context()), cmd.Flags(),
			)
			if err != nil {
				return err
			}
			if ctx, err = config.ReadFromClientConfig(ctx); err != nil {
				return err
			}
			if err := client.SetCmdClientContextHandler(ctx, cmd); err != nil {
				return err
			}
			return readSettings(cmd)
		},
	}
	root.AddCommand(
		newInitCommand(lender), debug.Cmd(), confixcmd.ConfigCommand(),
		pruning.Cmd(newServerApp, app.DefaultHome), snapshot.Cmd(newServerApp),
		server.StatusCommand(), genutilcli.Commands(
			lender.TxConfig(), lender.Basics, app.DefaultHome,
		),
		newQueryCommand(), newTxCommand(), keys.Commands(),
	)
	server.AddCommandsWithStartCmdOptions(
		root, app.DefaultHome, newServerApp, newExporter(release), server.StartCmdOptions{})
	beginAfterExport(root)
	refuseForgetting(root)

	options := lender.AutoCLIOptions()
	options.ClientCtx = base
	if err := options.EnhanceRootCommand(root); err != nil {
		panic(err)
	}
	return root
}

// readSettings reads the files of the home folder, or writes new ones. What is logged goes to the
// standard error, so that what a command prints, such as an exported genesis, is whole by itself.
func readSettings(cmd *cobra.Command) error {
	settings, err := server.InterceptConfigsAndCreateContext(
		cmd, serverconfig.DefaultConfigTemplate, AppConfig(), CometConfig(),
	)
	if err != nil {
		return err
	}
	logger, err := server.CreateSDKLogger(settings, cmd.ErrOrStderr())
	if err != nil {
		return err
	}
	settings.Logger = logger.With(log.ModuleKey, "server")
	return server.SetCmdServerContext(cmd, settings)
}

func newQueryCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "query", Aliases: []string{"q"}, Short: "Ask the chain", RunE: client.ValidateCmd,
	}
	cmd.AddCommand(
		rpc.WaitTxCmd(), server.QueryBlockCmd(), server.QueryBlocksCmd(),
		server.QueryBlockResultsCmd(),
		authcmd.QueryTxCmd(), authcmd.QueryTxsByEventsCmd(),
	)
	return cmd
}

func newTxCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "tx", Short: "Build, sign and send transactions", RunE: client.ValidateCmd,
	}
	cmd.AddCommand(
		authcmd.GetSignCommand(), authcmd.GetSignBatchCommand(), authcmd.GetMultiSignCommand(),
		authcmd.GetValidateSignaturesCommand(), authcmd.GetBroadcastCommand(),
		authcmd.GetEncodeCommand(),
		authcmd.GetDecodeCommand(), authcmd.GetSimulateCmd(),
	)
	return cmd
}
