// Package sim runs the chain in one process, without consensus, networks or signatures: the same
// modules, fees and blocks, as fast as they execute. Whatever is asked of it is answered from its
// arguments alone, so that a simulation replays from its seed.
package sim

import "encoding/json"

// Request is one line of input; exactly one field is set.
type Request struct {
	Start    *Start    `json:"start,omitempty"`
	Block    *Block    `json:"block,omitempty"`
	Query    *Query    `json:"query,omitempty"`
	Simulate *Simulate `json:"simulate,omitempty"`
	Snapshot *struct{} `json:"snapshot,omitempty"`
	Restore  *Restore  `json:"restore,omitempty"`
}

// Start begins a chain. It may be sent again for another one.
type Start struct {
	ChainID string `json:"chainId"`
	// Preset of the parameters: dev, test or main.
	Preset string `json:"preset"`
	// Time of the first block, in seconds since 1970.
	Time int64 `json:"time,string"`
	// Balances in uremes, by address.
	Balances map[string]string `json:"balances"`
	// Remes replaces the genesis of x/remes, as `remesd export` writes it.
	Remes json.RawMessage `json:"remes,omitempty"`
}

// Block makes the next block.
type Block struct {
	// Seconds since the block before.
	Seconds      uint32        `json:"seconds"`
	Transactions []Transaction `json:"transactions"`
	// Check asks for the invariants of x/remes after the block; see Answer.Broken.
	Check bool `json:"check,omitempty"`
}

// Transaction is some messages that succeed or fail together. The first signer pays.
type Transaction struct {
	Messages []Message `json:"messages"`
	// Gas limit; 0 takes the most that the parameters allow.
	Gas uint64 `json:"gas,string,omitempty"`
	// Raw is a whole transaction as a node is offered it, instead of all the rest. Its signatures are not looked at.
	Raw []byte `json:"raw,omitempty"`
}

// Message is a message in protobuf; JSON carries the bytes as base64.
type Message struct {
	TypeURL string `json:"typeUrl"`
	Value   []byte `json:"value"`
}

// Query asks the state after the last block: the path and bytes of a gRPC call.
type Query struct {
	Path string `json:"path"`
	Data []byte `json:"data"`
}

// Simulate executes a transaction on the state after the last block and forgets it.
type Simulate struct {
	Raw []byte `json:"raw"`
}

// Restore goes back to a snapshot, which stays.
type Restore struct {
	Snapshot int `json:"snapshot"`
}

// Answer is one line of output, for each line of input.
type Answer struct {
	Height   int64  `json:"height,string"`
	AppHash  string `json:"appHash"`
	Snapshot int    `json:"snapshot,omitempty"`
	// Transactions in the order of the block.
	Transactions []Result `json:"transactions,omitempty"`
	// Events of the block outside transactions.
	Events []Event `json:"events,omitempty"`
	// Value is the answer of a query.
	Value []byte `json:"value,omitempty"`
	// GasUsed is the answer of a simulation.
	GasUsed uint64 `json:"gasUsed,string,omitempty"`
	// Broken says which invariant does not hold after a block that was to be checked.
	Broken string `json:"broken,omitempty"`
	Error  string `json:"error,omitempty"`
}

// Result is what became of a transaction. Code 0 is success.
type Result struct {
	Code      uint32  `json:"code"`
	Codespace string  `json:"codespace,omitempty"`
	Log       string  `json:"log,omitempty"`
	GasUsed   int64   `json:"gasUsed,string"`
	Data      []byte  `json:"data,omitempty"`
	Events    []Event `json:"events,omitempty"`
}

// Event is a typed event; each attribute is the JSON of a field.
type Event struct {
	Type       string      `json:"type"`
	Attributes [][2]string `json:"attributes"`
}
