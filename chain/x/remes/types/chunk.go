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

// CountExpiry counts a lease that a miner let expire. After too many in a row it must wait.
func CountExpiry(participant Participant, params RoundParams, height int64) Participant {
	participant.ExpiredLeases++
	if participant.ExpiredLeases >= params.ExpiredLeasesMax {
		participant.PausedUntil = height + int64(params.ExpiredLeasePauseBlocks)
	}
	return participant
}
