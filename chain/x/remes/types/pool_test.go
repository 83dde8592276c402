package types

import "testing"

func TestChunksOfADataset(t *testing.T) {
	type shape struct {
		SequenceTokens, BatchSequences, LocalSteps uint32
	}
	forEachCase(t, "chunk/dataset.json", func(t *testing.T, c struct {
		Tokens  wide
		Shape   shape
		Chunks  uint64
		Refused string
	}) {
		if c.Refused != "" {
			return // an opening refuses such shapes and counts before it opens a pool
		}
		program := StepProgram{Sequence: c.Shape.SequenceTokens, Batch: c.Shape.BatchSequences}
		if got := ChunksOf(uint64(c.Tokens), program, c.Shape.LocalSteps); got != c.Chunks {
			t.Fatalf("%d chunks, want %d", got, c.Chunks)
		}
	})
}
