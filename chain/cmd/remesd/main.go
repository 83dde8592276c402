// remesd is a node of the R3MES chain, and the command line to ask and command it.
package main

import (
	"os"

	"r3mes.dev/chain/app"
	"r3mes.dev/chain/node"
)

func main() {
	if err := node.Execute(app.Current); err != nil {
		os.Exit(1)
	}
}
