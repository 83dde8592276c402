package types

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestSeeds(t *testing.T) {
	type seedCase struct {
		Kind, Chain, Question string
		Beacon, Parent        bytesText
		Pool, Round, Chunk    wide
		T, Draw               uint32
		Seed                  bytesText
	}
	forEachCase(t, "seed/seeds.json", func(t *testing.T, c seedCase) {
		pool, round, chunk := uint64(c.Pool), uint64(c.Round), uint64(c.Chunk)
		got := Hash{}
		switch c.Kind {
		case "round":
			got = RoundSeed(c.Chain, c.Beacon.hash(), pool, round)
		case "queue":
			got = QueueSeed(c.Parent.hash())
		case "chunk":
			got = ChunkSeed(c.Parent.hash(), chunk)
		case "step":
			got = StepSeed(c.Parent.hash(), c.T)
		case "audit":
			got = AuditSeed(c.Chain, c.Beacon.hash(), pool, round, chunk, c.Draw)
		case "question":
			got = auditQuestion(c.Parent.hash(), c.Question)
		default:
			t.Fatalf("unknown kind %q", c.Kind)
		}
		requireEqual(t, got, c.Seed.hash())
	})
}

func TestAuditDraws(t *testing.T) {
	type auditCase struct {
		Audit          bytesText
		LocalSteps     uint32
		Step           uint32
		Eligible       int
		Verifiers      []int
		ReplaySharePpm uint32
		Replays        bool
	}
	forEachCase(t, "seed/audit.json", func(t *testing.T, c auditCase) {
		audit := c.Audit.hash()
		requireEqual(t, AuditStep(audit, c.LocalSteps), c.Step)
		requireEqual(t, AuditReplays(audit, c.ReplaySharePpm), c.Replays)
		verifiers, err := AuditVerifiers(audit, c.Eligible, len(c.Verifiers))
		if err != nil || !slices.Equal(verifiers, c.Verifiers) {
			t.Fatalf("drew %v (%v), want %v", verifiers, err, c.Verifiers)
		}
	})
}

func TestUniform(t *testing.T) {
	type uniformCase struct {
		Seed     bytesText
		Position wide
		Bound    uint64
		Value    uint64
		Refused  string
	}
	forEachCase(t, "shuffle/uniform.json", func(t *testing.T, c uniformCase) {
		if c.Refused != "" {
			return // bounds on the chain are counts of things that exist
		}
		requireEqual(t, Uniform(c.Seed.hash(), uint64(c.Position), c.Bound), c.Value)
	})
}

func TestDraw(t *testing.T) {
	type drawCase struct {
		Seed        bytesText
		Size, Count int
		Drawn       []int
		Refused     string
	}
	forEachCase(t, "shuffle/draw.json", func(t *testing.T, c drawCase) {
		drawn, err := Draw(c.Seed.hash(), c.Size, c.Count)
		requireCode(t, err, c.Refused)
		if c.Refused == "" && !slices.Equal(drawn, c.Drawn) {
			t.Fatalf("drew %v, want %v", drawn, c.Drawn)
		}
	})
}

func TestShuffle(t *testing.T) {
	type shuffleCase struct {
		Seed  bytesText
		Size  int
		Order []int
	}
	forEachCase(t, "shuffle/shuffle.json", func(t *testing.T, c shuffleCase) {
		if c.Order == nil {
			return // pinned by a hash for longer orders
		}
		order, err := Draw(c.Seed.hash(), c.Size, c.Size)
		if err != nil || !slices.Equal(order, c.Order) {
			t.Fatalf("shuffled to %v (%v)", order, err)
		}
	})
}

func TestADrawIsThePrefixOfAShuffle(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		seed := LeafHash([]byte(rapid.String().Draw(t, "seed")))
		size := rapid.IntRange(1, 300).Draw(t, "size")
		order, err := Draw(seed, size, size)
		if err != nil {
			t.Fatal(err)
		}
		count := rapid.IntRange(0, size).Draw(t, "count")
		drawn, err := Draw(seed, size, count)
		if err != nil || !slices.Equal(drawn, order[:count]) {
			t.Fatalf("drew %v of %v", drawn, order)
		}
		slices.Sort(order)
		for i, item := range order {
			if i != item {
				t.Fatalf("%d is missing from the shuffle", i)
			}
		}
	})
}
