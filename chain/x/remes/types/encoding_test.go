package types

import (
	"encoding/hex"
	"encoding/json"
	"testing"
)

type fieldCase struct {
	Fields []struct {
		Type  string
		Value json.RawMessage
	}
	Bytes bytesText
}

// The chain encodes only what its hashes need; a vector with a field of another type is left to the
// implementations that decode.
func TestEncodingOfValues(t *testing.T) {
	seen := 0
	forEachCase(t, "encoding/values.json", func(t *testing.T, c fieldCase) {
		var e encoder
		for _, field := range c.Fields {
			if !encodeField(t, &e, field.Type, field.Value) {
				return // the chain does not encode this kind
			}
		}
		requireEqual(t, hex.EncodeToString(e.bytes), hex.EncodeToString(c.Bytes))
		seen++
	})
	if seen < 5 {
		t.Fatalf("only %d cases were encoded", seen)
	}
}

func decodeJSON[V any](t *testing.T, raw json.RawMessage) V {
	t.Helper()
	var value V
	if err := json.Unmarshal(raw, &value); err != nil {
		t.Fatal(err)
	}
	return value
}

func encodeField(t *testing.T, e *encoder, kind string, raw json.RawMessage) bool {
	switch kind {
	case "u8":
		e.u8(decodeJSON[uint8](t, raw))
	case "u16":
		e.u16(decodeJSON[uint16](t, raw))
	case "u32":
		e.u32(decodeJSON[uint32](t, raw))
	case "u64", "amount":
		e.u64(uint64(decodeJSON[wide](t, raw)))
	case "i64":
		e.i64(int64(decodeJSON[wide](t, raw)))
	case "hash":
		e.hash(decodeJSON[bytesText](t, raw).hash())
	case "address":
		e.address(decodeJSON[bytesText](t, raw).address())
	case "bytes":
		e.sized(decodeJSON[bytesText](t, raw))
	case "text":
		e.text(decodeJSON[string](t, raw))
	case "optional hash":
		if string(raw) == "null" {
			e.optionalHash(nil)
			break
		}
		hash := decodeJSON[bytesText](t, raw).hash()
		e.optionalHash(&hash)
	default:
		return false
	}
	return true
}

func TestTaggedHashes(t *testing.T) {
	type taggedCase struct {
		Tag        string
		Data, Hash bytesText
		Refused    string
	}
	forEachCase(t, "hash/tagged.json", func(t *testing.T, c taggedCase) {
		if c.Refused != "" {
			return // tags of the chain are constants, held to the rule by TestTagsFollowTheRule
		}
		requireEqual(t, tagged(c.Tag, c.Data), c.Hash.hash())
	})
}

func TestTagsFollowTheRule(t *testing.T) {
	for _, tag := range []string{
		tagSteps, tagOperation, tagTrace, tagProgram, tagBackbone, tagUpdate, tagDataset,
		tagSubmissions,
	} {
		if len(tag) < LimitTagBytesMin || len(tag) > LimitTagBytesMax {
			t.Errorf("%q has %d bytes", tag, len(tag))
		}
	}
}

func TestCommitmentOfASubmission(t *testing.T) {
	type submissionCase struct {
		Chain                                         string
		Pool, Round, Chunk, LossSum                   wide
		Miner, StepsRoot, UpdateRoot, UpdateCID, Salt bytesText
		Commitment                                    bytesText
		Refused                                       string
	}
	forEachCase(t, "commitment/submission.json", func(t *testing.T, c submissionCase) {
		if c.Refused == "NUMBER_OUT_OF_RANGE" {
			return // a running chain knows its own name
		}
		if c.Refused != "" {
			requireCode(t, CheckCID(c.UpdateCID), c.Refused)
			return
		}
		place := Place{c.Chain, uint64(c.Pool), uint64(c.Round), uint64(c.Chunk)}
		got := SubmissionCommitment(place, c.Miner.address(), SubmissionSecret{
			StepsRoot: c.StepsRoot.hash(), UpdateRoot: c.UpdateRoot.hash(), UpdateCID: c.UpdateCID,
			LossSum: int64(c.LossSum), Salt: c.Salt.hash(),
		})
		requireEqual(t, got, c.Commitment.hash())
	})
}

func TestCommitmentOfAVerdict(t *testing.T) {
	type verdictCase struct {
		Chain                        string
		Pool, Round, Chunk           wide
		Draw                         uint32
		Verdict                      string
		Verifier, Root, Digest, Salt bytesText
		Commitment                   bytesText
		Refused                      string
	}
	verdicts := map[string]Verdict{
		"valid": VERDICT_VALID, "invalid": VERDICT_INVALID, "cannotCheck": VERDICT_CANNOT_CHECK,
		"updateInvalid": VERDICT_UPDATE_INVALID,
	}
	optional := func(b bytesText) *Hash {
		if b == nil {
			return nil
		}
		hash := b.hash()
		return &hash
	}
	forEachCase(t, "commitment/verdict.json", func(t *testing.T, c verdictCase) {
		place := Place{c.Chain, uint64(c.Pool), uint64(c.Round), uint64(c.Chunk)}
		got, err := VerdictCommitment(place, c.Draw, c.Verifier.address(), VerdictSecret{
			Verdict: verdicts[c.Verdict], Root: optional(c.Root), Digest: optional(c.Digest),
			Salt: c.Salt.hash(),
		})
		requireCode(t, err, c.Refused)
		if c.Refused == "" {
			requireEqual(t, got, c.Commitment.hash())
		}
	})
}

func TestExecutionDigest(t *testing.T) {
	type executionCase struct {
		AuditSeed, StateRoot, UpdateRoot, Digest bytesText
		T                                        uint32
		Operations                               []struct {
			Index uint32
			Root  bytesText
		}
		Refused string
	}
	forEachCase(t, "commitment/execution.json", func(t *testing.T, c executionCase) {
		if c.Refused != "" {
			return // the chain compares digests and never makes one from a stranger's list
		}
		var operations []OperationOutput
		for _, operation := range c.Operations {
			operations = append(operations, OperationOutput{operation.Index, operation.Root.hash()})
		}
		got := ExecutionDigest(
			c.AuditSeed.hash(), c.T, c.StateRoot.hash(), c.UpdateRoot.hash(), operations,
		)
		requireEqual(t, got, c.Digest.hash())
	})
}

func TestBeacon(t *testing.T) {
	type beaconCase struct {
		Chain                        string
		Epoch                        wide
		Verifier, Secret, Commitment bytesText
		Previous, FirstBlock, Value  bytesText
		Reveals                      []struct{ Verifier, Secret bytesText }
		Refused                      string
	}
	forEachCase(t, "commitment/beacon.json", func(t *testing.T, c beaconCase) {
		if c.Commitment != nil {
			got := BeaconCommitmentHash(
				c.Chain, uint64(c.Epoch), c.Verifier.address(), c.Secret.hash(),
			)
			requireEqual(t, got, c.Commitment.hash())
			return
		}
		var reveals []BeaconReveal
		for _, reveal := range c.Reveals {
			reveals = append(reveals, BeaconReveal{reveal.Verifier.address(), reveal.Secret.hash()})
		}
		got, err := BeaconValue(
			c.Chain, uint64(c.Epoch), c.Previous.hash(), c.FirstBlock.hash(), reveals,
		)
		requireCode(t, err, c.Refused)
		if c.Refused == "" {
			requireEqual(t, got, c.Value.hash())
		}
	})
}
