// Package getter stands in for the downloader that x/upgrade links in order to check the download links of an upgrade
// plan. Plans of this chain carry none. See docs/adr/2026-11-26-lean-module-graph.md.
package getter

import (
	"context"
	"errors"
	"net/http"
)

var errDownloads = errors.New("downloads are not part of this build")

// ChecksumError is what a download with a wrong checksum would return.
type ChecksumError struct{}

func (*ChecksumError) Error() string { return "wrong checksum" }

// Getter fetches from one kind of address.
type Getter any

// HttpGetter would fetch by HTTP.
type HttpGetter struct {
	Client                *http.Client
	XTerraformGetDisabled bool
}

// Getters are the kinds of address that can be fetched: none.
var Getters = map[string]Getter{}

// Client would perform one download.
type Client struct {
	Ctx             context.Context
	DisableSymlinks bool
	Src, Dst, Pwd   string
	Getters         map[string]Getter
}

// Get refuses.
func (*Client) Get() error { return errDownloads }

// Get refuses.
func Get(_, _ string) error { return errDownloads }
