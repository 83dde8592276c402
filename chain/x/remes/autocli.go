package remes

import autocliv1 "cosmossdk.io/api/cosmos/autocli/v1"

// AutoCLIOptions describe the module's commands; the SDK builds them from the services.
func (AppModule) AutoCLIOptions() *autocliv1.ModuleOptions {
	return &autocliv1.ModuleOptions{
		Query: &autocliv1.ServiceCommandDescriptor{
			Service: "remes.v1.Query",
			RpcCommandOptions: []*autocliv1.RpcCommandOptions{
				{RpcMethod: "Params", Use: "params", Short: "The parameters that hold at a height"},
			},
		},
		Tx: &autocliv1.ServiceCommandDescriptor{
			Service: "remes.v1.Msg",
			RpcCommandOptions: []*autocliv1.RpcCommandOptions{
				{RpcMethod: "UpdateParams", Skip: true}, // governance proposes it; nobody can sign it
			},
		},
	}
}
