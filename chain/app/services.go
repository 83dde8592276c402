package app

import (
	autocliv1 "cosmossdk.io/api/cosmos/autocli/v1"
	reflectionv1 "cosmossdk.io/api/cosmos/reflection/v1"
	"cosmossdk.io/client/v2/autocli"
	"cosmossdk.io/core/appmodule"

	"github.com/cosmos/cosmos-sdk/client"
	"github.com/cosmos/cosmos-sdk/client/grpc/cmtservice"
	nodeservice "github.com/cosmos/cosmos-sdk/client/grpc/node"
	runtimeservices "github.com/cosmos/cosmos-sdk/runtime/services"
	"github.com/cosmos/cosmos-sdk/server/api"
	"github.com/cosmos/cosmos-sdk/server/config"
	"github.com/cosmos/cosmos-sdk/types/module"
	authcodec "github.com/cosmos/cosmos-sdk/x/auth/codec"
	authtx "github.com/cosmos/cosmos-sdk/x/auth/tx"

	"r3mes.dev/chain/app/params"
)

// registerServices connects every module's messages and queries to the routers, and its migrations
// to the configurator that is returned.
func (app *App) registerServices() module.Configurator {
	configurator := module.NewConfigurator(
		app.encoding.codec, app.MsgServiceRouter(), app.GRPCQueryRouter(),
	)
	if err := app.modules.RegisterServices(configurator); err != nil {
		panic(err)
	}
	autocliv1.RegisterQueryServer(
		app.GRPCQueryRouter(), runtimeservices.NewAutoCLIQueryService(app.modules.Modules))
	reflection, err := runtimeservices.NewReflectionService()
	if err != nil {
		panic(err)
	}
	reflectionv1.RegisterReflectionServiceServer(app.GRPCQueryRouter(), reflection)
	return configurator
}

// RegisterAPIRoutes serves the queries as REST.
func (app *App) RegisterAPIRoutes(server *api.Server, _ config.APIConfig) {
	authtx.RegisterGRPCGatewayRoutes(server.ClientCtx, server.GRPCGatewayRouter)
	cmtservice.RegisterGRPCGatewayRoutes(server.ClientCtx, server.GRPCGatewayRouter)
	nodeservice.RegisterGRPCGatewayRoutes(server.ClientCtx, server.GRPCGatewayRouter)
	app.Basics.RegisterGRPCGatewayRoutes(server.ClientCtx, server.GRPCGatewayRouter)
}

// RegisterTxService answers questions about transactions.
func (app *App) RegisterTxService(ctx client.Context) {
	authtx.RegisterTxService(app.GRPCQueryRouter(), ctx, app.Simulate, app.encoding.registry)
}

// RegisterTendermintService answers questions about blocks and validators.
func (app *App) RegisterTendermintService(ctx client.Context) {
	cmtservice.RegisterTendermintService(
		ctx, app.GRPCQueryRouter(), app.encoding.registry, app.Query,
	)
}

// RegisterNodeService answers questions about this node's settings.
func (app *App) RegisterNodeService(ctx client.Context, cfg config.Config) {
	nodeservice.RegisterNodeService(ctx, app.GRPCQueryRouter(), cfg)
}

// AutoCLIOptions describe the command line of every module; no command is written by hand.
func (app *App) AutoCLIOptions() autocli.AppOptions {
	modules := map[string]appmodule.AppModule{}
	for name, m := range app.modules.Modules {
		if appModule, ok := m.(appmodule.AppModule); ok {
			modules[name] = appModule
		}
	}
	return autocli.AppOptions{
		Modules:               modules,
		ModuleOptions:         runtimeservices.ExtractAutoCLIOptions(app.modules.Modules),
		AddressCodec:          authcodec.NewBech32Codec(params.Prefix),
		ValidatorAddressCodec: authcodec.NewBech32Codec(params.ValidatorPrefix),
		ConsensusAddressCodec: authcodec.NewBech32Codec(params.ConsensusPrefix),
	}
}
