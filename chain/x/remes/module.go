// Package remes connects the module to the SDK: codecs, services, genesis and block hooks. Rules
// live in keeper and types.
package remes

import (
	"context"
	"encoding/json"
	"fmt"

	"cosmossdk.io/core/appmodule"
	gateway "github.com/grpc-ecosystem/grpc-gateway/runtime"

	"github.com/cosmos/cosmos-sdk/client"
	"github.com/cosmos/cosmos-sdk/codec"
	codectypes "github.com/cosmos/cosmos-sdk/codec/types"
	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/cosmos/cosmos-sdk/types/module"

	"r3mes.dev/chain/x/remes/keeper"
	"r3mes.dev/chain/x/remes/types"
)

// Migration turns the module's store of one consensus version into that of the next, at the height
// of an upgrade. What it does is consensus, and it must leave the invariants whole.
type Migration func(ctx context.Context, k keeper.Keeper) error

var (
	_ module.AppModuleBasic      = AppModule{}
	_ module.HasGenesis          = AppModule{}
	_ module.HasConsensusVersion = AppModule{}
	_ module.HasServices         = AppModule{}
	_ appmodule.AppModule        = AppModule{}
	_ appmodule.HasBeginBlocker  = AppModule{}
	_ appmodule.HasEndBlocker    = AppModule{}
)

// AppModule is x/remes as the SDK sees it.
type AppModule struct {
	cdc        codec.Codec
	keeper     keeper.Keeper
	migrations []Migration
}

// NewAppModule wraps a keeper whose store has come through migrations: the first turned version 1
// into version 2.
func NewAppModule(cdc codec.Codec, k keeper.Keeper, migrations ...Migration) AppModule {
	return AppModule{cdc, k, migrations}
}

// IsOnePerModuleType and IsAppModule mark the type for the SDK.
func (AppModule) IsOnePerModuleType() {}
func (AppModule) IsAppModule()        {}

// Name is the module's name.
func (AppModule) Name() string { return types.ModuleName }

// ConsensusVersion is one more than the store has migrations.
func (m AppModule) ConsensusVersion() uint64 { return 1 + uint64(len(m.migrations)) }

// RegisterLegacyAminoCodec does nothing: amino JSON comes from the annotations in the protobuf
// files.
func (AppModule) RegisterLegacyAminoCodec(*codec.LegacyAmino) {}

// RegisterInterfaces makes the module's messages known to the registry.
func (AppModule) RegisterInterfaces(registry codectypes.InterfaceRegistry) {
	types.RegisterInterfaces(registry)
}

// RegisterGRPCGatewayRoutes serves the queries as REST.
func (AppModule) RegisterGRPCGatewayRoutes(ctx client.Context, mux *gateway.ServeMux) {
	if err := types.RegisterQueryHandlerClient(
		context.Background(), mux, types.NewQueryClient(ctx),
	); err != nil {
		panic(err)
	}
}

// RegisterServices connects messages and queries to their handlers, and versions of the store to
// the migrations that leave them.
func (m AppModule) RegisterServices(configurator module.Configurator) {
	types.RegisterMsgServer(configurator.MsgServer(), keeper.NewMsgServer(m.keeper))
	types.RegisterQueryServer(configurator.QueryServer(), keeper.NewQueryServer(m.keeper))
	for i, migrate := range m.migrations {
		handle := func(ctx sdk.Context) error { return migrate(ctx, m.keeper) }
		if err := configurator.RegisterMigration(
			types.ModuleName, 1+uint64(i), handle,
		); err != nil {
			panic(err)
		}
	}
}

// DefaultGenesis is that of a localnet; `remesd init` replaces it by the preset of the chain id.
func (AppModule) DefaultGenesis(cdc codec.JSONCodec) json.RawMessage {
	state, err := types.DefaultGenesis(types.PresetDev)
	if err != nil {
		panic(err)
	}
	return cdc.MustMarshalJSON(state)
}

// ValidateGenesis refuses a state that would break a rule at the first block.
func (AppModule) ValidateGenesis(
	cdc codec.JSONCodec, _ client.TxEncodingConfig, text json.RawMessage,
) error {
	var state types.GenesisState
	if err := cdc.UnmarshalJSON(text, &state); err != nil {
		return fmt.Errorf("genesis of %s: %w", types.ModuleName, err)
	}
	return state.Validate()
}

// InitGenesis fills the store at the first block.
func (m AppModule) InitGenesis(ctx sdk.Context, cdc codec.JSONCodec, text json.RawMessage) {
	var state types.GenesisState
	cdc.MustUnmarshalJSON(text, &state)
	if err := state.Validate(); err != nil { // a node asks nobody else whether its genesis is sound
		panic(err)
	}
	if err := m.keeper.InitGenesis(ctx, state); err != nil {
		panic(err)
	}
}

// ExportGenesis returns the whole state.
func (m AppModule) ExportGenesis(ctx sdk.Context, cdc codec.JSONCodec) json.RawMessage {
	state, err := m.keeper.ExportGenesis(ctx)
	if err != nil {
		panic(err)
	}
	return cdc.MustMarshalJSON(state)
}

// BeginBlock begins a beacon epoch where one is due.
func (m AppModule) BeginBlock(ctx context.Context) error { return m.keeper.BeginBlock(ctx) }

// EndBlock handles what is due.
func (m AppModule) EndBlock(ctx context.Context) error { return m.keeper.EndBlock(ctx) }
