// remesd is a node of the R3MES chain, and the command line to ask and command it.
package main

import (
	"os"

	servercmd "github.com/cosmos/cosmos-sdk/server/cmd"

	"r3mes.dev/chain/app"
)

func main() {
	if err := servercmd.Execute(newRootCommand(), "REMESD", app.DefaultHome); err != nil {
		os.Exit(1)
	}
}
