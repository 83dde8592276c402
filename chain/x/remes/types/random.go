package types

import (
	"encoding/binary"
	"slices"
)

// Seeds and draws of spec/encoding.md section 8. A random choice is a function of a seed and a
// position, so anybody can check one of them alone. No seed knows the miner.

// RoundSeed fixes a round's queue and, through ChunkSeed, its noise.
func RoundSeed(chain string, beacon Hash, pool, round uint64) Hash {
	var e encoder
	e.text(chain)
	e.hash(beacon)
	e.u64(pool)
	e.u64(round)
	return tagged("remes/seed-round/1", e.bytes)
}

// QueueSeed shuffles the chunks of a round.
func QueueSeed(round Hash) Hash { return tagged("remes/seed-queue/1", round[:]) }

// ChunkSeed is that of one chunk in a round.
func ChunkSeed(round Hash, chunk uint64) Hash {
	var e encoder
	e.hash(round)
	e.u64(chunk)
	return tagged("remes/seed-chunk/1", e.bytes)
}

// StepSeed rounds the noise of step t of a chunk.
func StepSeed(chunk Hash, step uint32) Hash {
	var e encoder
	e.hash(chunk)
	e.u32(step)
	return tagged("remes/seed-step/1", e.bytes)
}

// AuditSeed decides the audit of one submission; draw counts its redraws from 0.
func AuditSeed(chain string, beacon Hash, pool, round, chunk uint64, draw uint32) Hash {
	var e encoder
	e.text(chain)
	e.hash(beacon)
	e.u64(pool)
	e.u64(round)
	e.u64(chunk)
	e.u32(draw)
	return tagged("remes/seed-audit/1", e.bytes)
}

// auditQuestion is the seed of one question that an audit seed answers.
func auditQuestion(audit Hash, name string) Hash {
	return tagged("remes/seed-audit-"+name+"/1", audit[:])
}

// AuditStep is the audited step, 1 to steps.
func AuditStep(audit Hash, steps uint32) uint32 {
	return 1 + uint32(Uniform(auditQuestion(audit, "step"), 0, uint64(steps)))
}

// AuditVerifiers draws count of the eligible verifiers, who are sorted by owner address.
func AuditVerifiers(audit Hash, eligible, count int) ([]int, error) {
	return Draw(auditQuestion(audit, "verifiers"), eligible, count)
}

// AuditOperations are the operations of an execution digest, ascending.
func AuditOperations(audit Hash, operations uint32) ([]uint32, error) {
	count := min(int(operations), LimitDigestOperations)
	drawn, err := Draw(auditQuestion(audit, "operations"), int(operations), count)
	ascending := make([]uint32, len(drawn))
	for i, operation := range drawn {
		ascending[i] = uint32(operation)
	}
	slices.Sort(ascending)
	return ascending, err
}

// AuditReplays says whether every step of the submission is to be run again.
func AuditReplays(audit Hash, sharePpm uint32) bool {
	return Uniform(auditQuestion(audit, "replay"), 0, Million) < uint64(sharePpm)
}

// Uniform is a whole number below bound (1 to 2^32), without bias.
func Uniform(seed Hash, position, bound uint64) uint64 {
	const words = 1 << 32
	if bound == 1 {
		return 0
	}
	// Words from the last, incomplete run of bound are passed over; they would favour small
	// results.
	for attempt := uint32(0); ; attempt++ {
		var e encoder
		e.hash(seed)
		e.u64(position)
		e.u32(attempt)
		hash := tagged("remes/random/1", e.bytes)
		if word := uint64(binary.LittleEndian.Uint32(hash[:4])); word < words-words%bound {
			return word % bound
		}
	}
}

// Draw takes count of size things without replacement, in the order drawn. It fails if there are
// too few.
func Draw(seed Hash, size, count int) ([]int, error) {
	if count > size {
		return nil, ErrDrawTooLarge.Wrapf("%d of %d", count, size)
	}
	// Only displaced entries are kept, so a short draw from a long queue is cheap.
	displaced := map[int]int{}
	at := func(place int) int {
		if value, ok := displaced[place]; ok {
			return value
		}
		return place
	}
	drawn := make([]int, count)
	for i := range count {
		other := i + int(Uniform(seed, uint64(i), uint64(size-i)))
		drawn[i] = at(other)
		displaced[other] = at(i)
	}
	return drawn, nil
}
