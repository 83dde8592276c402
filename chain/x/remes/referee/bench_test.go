package referee

import (
	"fmt"
	"testing"
)

// unmetered compiles a module as its compiler wrote it, with a global named fuel that nothing reads
// but the host: the same call, without the charges.
func unmetered(b *testing.B, wasm []byte, engine Engine) *compiled {
	b.Helper()
	m := &module{exports: map[string]export{}}
	m.readSections(&reader{bytes: wasm})
	m.readTypes()
	m.readFunctions()
	m.readGlobals()
	m.readExports()
	bodies, refusal := m.readCode()
	if refusal != nil {
		b.Fatal(refusal)
	}
	for _, body := range bodies {
		body.charges = nil
	}
	c, err := compile([32]byte{}, meter(m, bodies), engine)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(c.close)
	return c
}

// BenchmarkExecute is a warm call, instance and all: 1 and 2 M multiply-adds, metered and not.
func BenchmarkExecute(b *testing.B) {
	for _, engine := range []string{"compiler", "interpreter"} {
		for _, build := range builds {
			wasm := read(b, build)
			metered, err := compile([32]byte{}, mustAdmit(b, wasm), engines[engine])
			if err != nil {
				b.Fatal(err)
			}
			b.Cleanup(metered.close)
			plain := unmetered(b, wasm, engines[engine])
			for _, depth := range []uint32{4096, 8192} {
				request, err := randomProduct(1, depth).task().encode()
				if err != nil {
					b.Fatal(err)
				}
				name := fmt.Sprintf("%s/%s/%dM", engine, build, depth/4096)
				b.Run(name+"/metered", func(b *testing.B) { benchmarkCall(b, metered, request) })
				b.Run(name+"/unmetered", func(b *testing.B) { benchmarkCall(b, plain, request) })
			}
		}
	}
}

func benchmarkCall(b *testing.B, c *compiled, request []byte) {
	var used uint64
	for b.Loop() {
		out := c.call(exportExecute, request, FuelMax)
		if out.trapped || out.result != 1024 {
			b.Fatalf("trapped %v, result %d", out.trapped, out.result)
		}
		used = FuelMax - out.left
	}
	b.ReportMetric(float64(used), "fuel/op")
}

// BenchmarkInstance is what a call costs before the module does anything.
func BenchmarkInstance(b *testing.B) {
	for _, engine := range []string{"compiler", "interpreter"} {
		c, err := compile([32]byte{}, mustAdmit(b, newDraft().bytes()), engines[engine])
		if err != nil {
			b.Fatal(err)
		}
		b.Cleanup(c.close)
		b.Run(engine, func(b *testing.B) {
			for b.Loop() {
				c.call(exportExecute, nil, FuelMax)
			}
		})
	}
}

func BenchmarkRegister(b *testing.B) {
	for _, build := range builds {
		wasm := read(b, build)
		b.Run(build+"/admit", func(b *testing.B) {
			for b.Loop() {
				mustAdmit(b, wasm)
			}
		})
		metered := mustAdmit(b, wasm)
		for _, engine := range []string{"compiler", "interpreter"} {
			b.Run(build+"/"+engine, func(b *testing.B) {
				for b.Loop() {
					c, err := compile([32]byte{}, metered, engines[engine])
					if err != nil {
						b.Fatal(err)
					}
					c.close()
				}
			})
		}
	}
}

// BenchmarkDefinition is the Go definition of the same tile, for scale.
func BenchmarkDefinition(b *testing.B) {
	p := randomProduct(1, 4096)
	for b.Loop() {
		p.result()
	}
}
