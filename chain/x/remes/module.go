// Package remes connects the module to the SDK: codecs, services, genesis and block hooks. Rules
// live in keeper and types.
package remes

import (
	"context"
	"encoding/json"
	"fmt"

	"cosmossdk.io/core/appmodule"
	gateway "github.com/grpc-ecosystem/grpc-gateway/runtime"
	"google.golang.org/grpc"

	"github.com/cosmos/cosmos-sdk/client"
	"github.com/cosmos/cosmos-sdk/codec"
	codectypes "github.com/cosmos/cosmos-sdk/codec/types"
	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/cosmos/cosmos-sdk/types/module"

	"r3mes.dev/chain/x/remes/keeper"
	"r3mes.dev/chain/x/remes/types"
)

// ConsensusVersion counts the migrations of the module's store.
const ConsensusVersion = 1

var (
	_ module.AppModuleBasic      = AppModule{}
	_ module.HasGenesis          = AppModule{}
	_ module.HasConsensusVersion = AppModule{}
	_ appmodule.AppModule        = AppModule{}
	_ appmodule.HasServices      = AppModule{}
	_ appmodule.HasBeginBlocker  = AppModule{}
	_ appmodule.HasEndBlocker    = AppModule{}
)

// AppModule is x/remes as the SDK sees it.
type AppModule struct {
	cdc    codec.Codec
	keeper keeper.Keeper
}

// NewAppModule wraps a keeper.
func NewAppModule(cdc codec.Codec, k keeper.Keeper) AppModule { return AppModule{cdc, k} }

// IsOnePerModuleType and IsAppModule mark the type for the SDK.
func (AppModule) IsOnePerModuleType() {}
func (AppModule) IsAppModule()        {}

// Name is the module's name.
func (AppModule) Name() string { return types.ModuleName }

// ConsensusVersion counts the migrations of the module's store.
func (AppModule) ConsensusVersion() uint64 { return ConsensusVersion }

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

// RegisterServices connects messages and queries to their handlers.
func (m AppModule) RegisterServices(registrar grpc.ServiceRegistrar) error {
	types.RegisterMsgServer(registrar, keeper.NewMsgServer(m.keeper))
	types.RegisterQueryServer(registrar, keeper.NewQueryServer(m.keeper))
	return nil
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
