package remes

import (
	"testing"

	autocliv1 "cosmossdk.io/api/cosmos/autocli/v1"
	"github.com/cosmos/gogoproto/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	_ "r3mes.dev/chain/x/remes/types"
)

// Whatever can be asked and sent has a command, whose arguments are fields that there are.
func TestEveryMethodHasACommand(t *testing.T) {
	options := AppModule{}.AutoCLIOptions()
	for _, service := range []*autocliv1.ServiceCommandDescriptor{options.Query, options.Tx} {
		commands := map[string]*autocliv1.RpcCommandOptions{}
		for _, command := range service.RpcCommandOptions {
			if commands[command.RpcMethod] != nil {
				t.Errorf("%s has two commands", command.RpcMethod)
			}
			commands[command.RpcMethod] = command
		}
		methods := methodsOf(t, service.Service)
		for i := range methods.Len() {
			method := methods.Get(i)
			name := string(method.Name())
			if commands[name] == nil {
				t.Errorf("%s has no command", method.FullName())
			}
			requireArguments(t, method, commands[name])
			delete(commands, name)
		}
		for name := range commands {
			t.Errorf("%s has no method %s", service.Service, name)
		}
	}
}

func methodsOf(t *testing.T, service string) protoreflect.MethodDescriptors {
	t.Helper()
	found, err := proto.HybridResolver.FindDescriptorByName(protoreflect.FullName(service))
	if err != nil {
		t.Fatal(err)
	}
	return found.(protoreflect.ServiceDescriptor).Methods()
}

func requireArguments(
	t *testing.T, method protoreflect.MethodDescriptor, command *autocliv1.RpcCommandOptions,
) {
	t.Helper()
	for _, argument := range command.GetPositionalArgs() {
		name := protoreflect.Name(argument.ProtoField)
		if method.Input().Fields().ByName(name) == nil {
			t.Errorf("%s has no field %s", method.FullName(), name)
		}
	}
	if command != nil && !command.Skip && command.Short == "" {
		t.Errorf("%s does not say what it does", method.FullName())
	}
}
