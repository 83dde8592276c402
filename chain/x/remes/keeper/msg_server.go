package keeper

import "r3mes.dev/chain/x/remes/types"

// msgServer handles messages. Each handler lives in the file of its noun and has five beats: check,
// load, decide, store, announce.
type msgServer struct{ Keeper }

// NewMsgServer returns the handlers of the module's messages.
func NewMsgServer(k Keeper) types.MsgServer { return msgServer{k} }
