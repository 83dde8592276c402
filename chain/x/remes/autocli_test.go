package remes

import (
	"testing"

	autocliv1 "cosmossdk.io/api/cosmos/autocli/v1"
	msgv1 "cosmossdk.io/api/cosmos/msg/v1"
	"github.com/cosmos/gogoproto/proto"
	protobuf "google.golang.org/protobuf/proto"
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
	if command.GetSkip() {
		return
	}
	if command.GetShort() == "" {
		t.Errorf("%s does not say what it does", method.FullName())
	}
	fields := method.Input().Fields()
	explained := map[protoreflect.Name]bool{"pagination": true, signerOf(method.Input()): true}
	for _, argument := range command.GetPositionalArgs() {
		explained[protoreflect.Name(argument.ProtoField)] = true
	}
	for name, flag := range command.GetFlagOptions() {
		if flag.Usage == "" || explained[protoreflect.Name(name)] {
			t.Errorf("%s: the flag of %s has no text, or is no flag", method.FullName(), name)
		}
		explained[protoreflect.Name(name)] = true
	}
	for i := range fields.Len() {
		if name := fields.Get(i).Name(); !explained[name] {
			t.Errorf("%s does not say what %s holds", method.FullName(), name)
		}
	}
	for name := range explained {
		if name != "" && name != "pagination" && fields.ByName(name) == nil {
			t.Errorf("%s has no field %s", method.FullName(), name)
		}
	}
}

// signerOf is the field that the key of the command fills; empty for a question.
func signerOf(message protoreflect.MessageDescriptor) protoreflect.Name {
	signers := protobuf.GetExtension(message.Options(), msgv1.E_Signer).([]string)
	if len(signers) == 0 {
		return ""
	}
	return protoreflect.Name(signers[0])
}
