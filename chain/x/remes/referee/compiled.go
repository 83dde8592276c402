package referee

import (
	"context"
	"crypto/sha256"
	"slices"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
)

// compiled is a metered module in the form of its engine. Each has a runtime of its own, so that
// closing one cannot touch another. Users and evicted belong to the Referee's mutex.
type compiled struct {
	hash    [sha256.Size]byte
	metered []byte
	runtime wazero.Runtime
	code    wazero.CompiledModule
	users   int
	evicted bool
}

// call is what one call of a module left: its result and response, or a trap, and the fuel.
type call struct {
	trapped  bool
	result   int32
	response []byte
	left     uint64
}

// compile hands a metered module to the first engine that takes it. Where all refuse, that has one
// reason and no text: Admit has checked the module, so the failure is the engines', which would
// word it differently.
func compile(hash [sha256.Size]byte, metered []byte, engine Engine) (*compiled, error) {
	for _, config := range engine.configs() {
		if runtime, code := compileWith(config, metered); code != nil {
			return &compiled{hash: hash, metered: metered, runtime: runtime, code: code}, nil
		}
	}
	return nil, &Refusal{Reason: ReasonEngineRefused, What: "module"}
}

// compileWith gives no code where the engine refuses the module or panics.
func compileWith(config wazero.RuntimeConfig, metered []byte) (
	runtime wazero.Runtime, code wazero.CompiledModule,
) {
	defer func() {
		if recover() != nil {
			runtime, code = nil, nil
		}
	}()
	ctx := context.Background()
	runtime = wazero.NewRuntimeWithConfig(ctx, config.WithCoreFeatures(features).
		WithMemoryLimitPages(memoryPagesMax).WithDebugInfoEnabled(false))
	code, err := runtime.CompileModule(ctx, metered)
	if err != nil {
		_ = runtime.Close(ctx)
		return nil, nil
	}
	return runtime, code
}

// features has no threads, no relaxed SIMD, no tail calls and no exceptions: none is part of
// WebAssembly 2.0, and the admission refuses them besides.
const features = api.CoreFeaturesV2

// configs are the engines to try in turn. A compiler that cannot translate a module on one kind of
// processor must not make that validator's answer differ, so the interpreter comes after it.
func (e Engine) configs() []wazero.RuntimeConfig {
	switch e {
	case EngineCompiler:
		return []wazero.RuntimeConfig{wazero.NewRuntimeConfigCompiler()}
	case EngineInterpreter:
		return []wazero.RuntimeConfig{wazero.NewRuntimeConfigInterpreter()}
	}
	return []wazero.RuntimeConfig{
		wazero.NewRuntimeConfig(), wazero.NewRuntimeConfigInterpreter(),
	}
}

func (c *compiled) close() { _ = c.runtime.Close(context.Background()) }

// call runs one function of a fresh instance on a request. The context is the background's: a
// caller's deadline would stop validators at different instructions. A panic of the engine is a
// trap like any other.
func (c *compiled) call(function string, request []byte, fuel uint64) (out call) {
	defer func() {
		if recover() != nil {
			out = call{trapped: true}
		}
	}()
	ctx := context.Background()
	config := wazero.NewModuleConfig().WithName("").WithStartFunctions()
	instance, err := c.runtime.InstantiateModule(ctx, c.code, config)
	if err != nil {
		return call{trapped: true}
	}
	defer func() { _ = instance.Close(ctx) }()
	offset := func(name string) uint32 { return uint32(instance.ExportedGlobal(name).Get()) }
	meter := instance.ExportedGlobal(exportFuel).(api.MutableGlobal)
	meter.Set(fuel)
	if !instance.Memory().Write(offset(exportRequest), request) {
		return call{trapped: true}
	}
	results, err := instance.ExportedFunction(function).Call(ctx, uint64(len(request)))
	if err != nil {
		return call{trapped: true, left: meter.Get()}
	}
	out = call{result: int32(uint32(results[0])), left: meter.Get()}
	if out.result > 0 && out.result <= responseBufferBytes {
		view, _ := instance.Memory().Read(offset(exportResponse), uint32(out.result))
		out.response = slices.Clone(view)
	}
	return out
}
