package types

import "encoding/binary"

// AddressSize is the length of an account address, in bytes.
const AddressSize = 20

// encoder appends values in the encoding of spec/encoding.md section 1: little-endian, fixed width,
// no padding. There is no decoder: the chain computes hashes of what it holds and never reads these
// bytes back.
type encoder struct{ bytes []byte }

func (e *encoder) u8(value uint8)   { e.bytes = append(e.bytes, value) }
func (e *encoder) u16(value uint16) { e.bytes = binary.LittleEndian.AppendUint16(e.bytes, value) }
func (e *encoder) u32(value uint32) { e.bytes = binary.LittleEndian.AppendUint32(e.bytes, value) }
func (e *encoder) u64(value uint64) { e.bytes = binary.LittleEndian.AppendUint64(e.bytes, value) }
func (e *encoder) i64(value int64)  { e.u64(uint64(value)) }
func (e *encoder) hash(value Hash)  { e.bytes = append(e.bytes, value[:]...) }

func (e *encoder) address(value [AddressSize]byte) { e.bytes = append(e.bytes, value[:]...) }

func (e *encoder) sized(value []byte) {
	e.u32(uint32(len(value)))
	e.bytes = append(e.bytes, value...)
}

func (e *encoder) text(value string) { e.sized([]byte(value)) }

func (e *encoder) optionalHash(value *Hash) {
	if value == nil {
		e.u8(0)
		return
	}
	e.u8(1)
	e.hash(*value)
}
