package types

import "crypto/sha256"

// HashSize is the length of a hash, in bytes.
const HashSize = sha256.Size

// Hash is a SHA-256 digest (FIPS 180-4).
type Hash [HashSize]byte

// HashFrom reads a hash from a message or a record. It fails with ErrHashLengthInvalid.
func HashFrom(bytes []byte) (Hash, error) {
	if len(bytes) != HashSize {
		return Hash{}, ErrHashLengthInvalid.Wrapf("%d bytes", len(bytes))
	}
	return Hash(bytes), nil
}

// HashesFrom reads a list of hashes.
func HashesFrom(list [][]byte) ([]Hash, error) {
	hashes := make([]Hash, len(list))
	for i, bytes := range list {
		hash, err := HashFrom(bytes)
		if err != nil {
			return nil, err
		}
		hashes[i] = hash
	}
	return hashes, nil
}

// tagged is the hash T(tag, data) of spec/encoding.md section 2. Tags are constants of this
// package, so their length is not checked here; a test holds all of them to the rule.
func tagged(tag string, data []byte) Hash {
	preimage := make([]byte, 0, 1+len(tag)+len(data))
	preimage = append(preimage, byte(len(tag)))
	preimage = append(preimage, tag...)
	return sha256.Sum256(append(preimage, data...))
}

func sha256Of(bytes []byte) Hash { return sha256.Sum256(bytes) }
