package referee

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// TestTestdataIsBuiltFromItsSource compiles testdata/tile.ts again and compares. It needs the
// AssemblyScript compiler of the repository, and is skipped where npm's packages are not installed.
func TestTestdataIsBuiltFromItsSource(t *testing.T) {
	bin, err := filepath.Abs("../../../../node_modules/.bin")
	if err != nil {
		t.Fatal(err)
	}
	compiler := filepath.Join(bin, "asc")
	if _, err := os.Stat(compiler); errors.Is(err, os.ErrNotExist) {
		t.Skip("the AssemblyScript compiler is not installed: run npm ci")
	}
	for build, simd := range map[string]string{"tile.wasm": "--disable",
		"tile-simd.wasm": "--enable"} {
		out := filepath.Join(t.TempDir(), build)
		command := exec.Command(compiler, "testdata/tile.ts", "-O3", "--noAssert", "--runtime",
			"stub",
			"--initialMemory", "5", "--maximumMemory", "5", "--memoryBase", "64", "--use", "abort=",
			"--disable", "bulk-memory", simd, "simd", "-o", out)
		command.Env = append(os.Environ(),
			"PATH="+bin+string(os.PathListSeparator)+os.Getenv("PATH"))
		if said, err := command.CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, said)
		}
		made, err := os.ReadFile(out)
		if err != nil || !bytes.Equal(made, read(t, build)) {
			t.Errorf("%s is not what testdata/tile.ts compiles to", build)
		}
	}
}
