package remes

import autocliv1 "cosmossdk.io/api/cosmos/autocli/v1"

// flagUsage is what each flag of a command holds, by method and field. Fields that a command takes
// by position, the signer and the page have none of their own.
var flagUsage = map[string]map[string]string{
	"Params": {"at_height": "the height, in blocks; 0 is the current one"},
	"Cases": {
		"submission_id": "only the open ones about this submission",
		"party":         "only the open ones of this party",
	},
	"ProposeDataset": {
		"royalty_address": "who receives the data provider's share",
		"name":            "short and unique, of a-z, 0-9, '.' and '-'",
		"manifest_cid":    "address of the manifest, a binary CIDv1 of 36 bytes",
		"root":            "root of the shards, 32 bytes",
		"tokens":          "tokens that may be trained on",
		"tokenizer_hash":  "hash of the tokenizer that made them, 32 bytes",
		"licence":         "SPDX expression",
		"shards":          "shards of all splits, in the list that the root binds",
	},
	"OpenPool": {
		"model_id":          "the model",
		"program":           "which of the model's step programs, from 0",
		"dataset_id":        "the dataset",
		"parent_adapter_id": "adapter version to start from; 0 is the model's fresh one",
		"hyperparameters":   "how it is trained",
		"chunks_per_round":  "chunks of a round",
		"rounds":            "rounds at most",
		"training_blocks":   "training window of a round, in blocks",
		"lease_blocks":      "time to train a leased chunk, in blocks",
		"submissions_min":   "fewest accepted submissions that make a sum",
		"budget":            "what is paid in, in uremes; what is left returns to the sponsor",
	},
	"Reveal": {
		"steps_root":  "root of the state roots, 32 bytes",
		"update_root": "root of the update, 32 bytes",
		"update_cid":  "address of the update, a binary CIDv1 of 36 bytes",
		"loss_sum":    "sum of the training losses, in the units of spec/arithmetic.md",
		"salt":        "salt of the commitment, 32 bytes",
	},
	"OpenStep": {
		"opening": "roots and addresses of the states",
		"proof":   "that they belong to the root of the steps",
	},
	"RevealVerdict": {
		"root":   "state root that the verifier got, 32 bytes; empty if it could not check",
		"digest": "execution digest keyed by the draw, 32 bytes; empty if it could not check",
		"salt":   "salt of the commitment, 32 bytes",
	},
	"Attest": {
		"root":          "root of the state at step 0 of the next round, 32 bytes",
		"cid":           "address of the adapter, a binary CIDv1 of 36 bytes",
		"held_out_loss": "loss over the held-out sample, in the units of spec/arithmetic.md",
		"momentum_root": "root of the momenta of the outer step, 32 bytes",
		"left_out":      "disputed submissions that the sum is made without, ascending",
	},
	"Challenge": {
		"submission_id": "the submission, for a step or an update",
		"step":          "its opened step; 0 disputes whatever state root is the first wrong one",
		"pool_id":       "the pool, for a sum",
		"round":         "the round, for a sum",
		"momentum":      "for a sum: its momentum is disputed, and not the adapter",
	},
	"PostTrace": {
		"children":     "hashes some levels below the node, left to right",
		"trace_root":   "root of the trace, or of the running sums of a scale, 32 bytes",
		"binding":      "ties the trace to the revealed state root",
		"record":       "record of the operation, as the program holds it",
		"record_proof": "that the record is of the program",
		"update":       "what the update says about the disputed tensor",
	},
	"ExecuteTile": {
		"inputs":  "the ranges of leaves that the referee names, in its order",
		"shards":  "the leaves of the dataset that hold the tokens, by shard, ascending",
		"items":   "for an update: the items of its lists that the tile is judged with",
		"updates": "for a sum: what each of its updates says of the tile",
	},
}

func flagsOf(method string) map[string]*autocliv1.FlagOptions {
	flags := map[string]*autocliv1.FlagOptions{}
	for field, usage := range flagUsage[method] {
		flags[field] = &autocliv1.FlagOptions{Usage: usage}
	}
	return flags
}
