package node

import (
	servercmd "github.com/cosmos/cosmos-sdk/server/cmd"
	"github.com/cosmos/cosmos-sdk/version"

	"r3mes.dev/chain/app"
)

// Execute runs the command line of a release's node with this process's arguments. It returns what
// the command failed with, which has been printed.
func Execute(release app.Release) error {
	version.Name, version.AppName, version.Version = "r3mes", app.Name, app.Version
	return servercmd.Execute(newRootCommand(release), "REMESD", app.DefaultHome)
}
