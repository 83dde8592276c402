package types

// ExpireChunk puts a chunk whose lease ended back into the queue, or gives it up after too many
// tries.
func ExpireChunk(chunk Chunk, params RoundParams) Chunk {
	chunk.Expired++
	chunk.Status = CHUNK_STATUS_QUEUED
	if chunk.Expired >= params.LeaseAttemptsMax {
		chunk.Status = CHUNK_STATUS_DROPPED
	}
	return chunk
}

// pauseMemory is how many times as long as a pause has to go by for the next not to be longer.
const pauseMemory = 24

// CountLeft counts a lease of some blocks that a miner left behind: one that expired, or whose work nobody
// could check. After too many it must wait, no less than such a lease takes, and twice as long if it went on
// like this before long: a slot must not hold chunks up for ever. What ends during a pause was leased before
// it, and is forgiven with what began it: whoever fails at all its chunks at once fails once.
func CountLeft(p Participant, leaseBlocks uint32, params RoundParams, height int64) Participant {
	if height <= p.PausedUntil {
		return p
	}
	p.ExpiredLeases++
	if p.ExpiredLeases < params.ExpiredLeasesMax {
		return p
	}
	pause := int64(max(params.ExpiredLeasePauseBlocks, leaseBlocks))
	if height-int64(leaseBlocks)-p.PausedUntil < pauseMemory*p.PauseBlocks {
		pause = max(pause, 2*p.PauseBlocks)
	}
	p.PausedUntil, p.PauseBlocks = height+pause, pause
	return p
}

// CountAccepted makes up for one lease that a miner left behind. A commitment alone would not: it may be to
// nothing.
func CountAccepted(p Participant) Participant {
	p.ExpiredLeases -= min(p.ExpiredLeases, 1)
	return p
}
