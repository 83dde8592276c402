package types

import "encoding/binary"

// Records of spec/step-program.md section 3: a step program as a dispute sees it. The chain reads
// which tensors a record touches and how they are cut; what the record computes is the referee's
// to know.

// noTensor stands for an optional input that is absent.
const noTensor = 0xffffffff

// Record is one record of a step program.
type Record struct {
	Output Layout
	// Inputs are in slot order; nil is an optional input that is absent.
	Inputs []*Layout
}

// ParseRecord reads a record. It fails with ErrEncodingInvalid.
func ParseRecord(bytes []byte) (Record, error) {
	if len(bytes) > LimitOperationRecordBytesMax {
		return Record{}, ErrEncodingInvalid.Wrapf("a record of %d bytes", len(bytes))
	}
	r := reader{bytes: bytes}
	r.take(3) // the kind and the place among its outputs are the referee's
	inputs, parameters := int(r.u8()), int(r.u8())
	record := Record{}
	output := r.layout()
	for range inputs {
		record.Inputs = append(record.Inputs, r.layout())
	}
	r.take(4 * parameters)
	if r.short || len(r.bytes) != 0 || output == nil {
		return Record{}, ErrEncodingInvalid.Wrapf("a record of %d bytes", len(bytes))
	}
	record.Output = *output
	for _, layout := range append([]*Layout{output}, record.Inputs...) {
		if layout == nil {
			continue
		}
		if err := layout.Check(); err != nil {
			return Record{}, err
		}
	}
	return record, nil
}

// reader takes fields off the front of bytes. After the first field that is cut short it gives
// zeros.
type reader struct {
	bytes []byte
	short bool
}

func (r *reader) take(n int) []byte {
	if r.short || len(r.bytes) < n {
		r.short = true
		return make([]byte, n)
	}
	taken := r.bytes[:n]
	r.bytes = r.bytes[n:]
	return taken
}

func (r *reader) u8() uint8   { return r.take(1)[0] }
func (r *reader) u16() uint16 { return binary.LittleEndian.Uint16(r.take(2)) }
func (r *reader) u32() uint32 { return binary.LittleEndian.Uint32(r.take(4)) }
func (r *reader) u64() uint64 { return binary.LittleEndian.Uint64(r.take(8)) }

func (r *reader) layout() *Layout {
	number := r.u32()
	if number == noTensor {
		return nil
	}
	layout := &Layout{Tensor: number, Type: ElementType(r.u8())}
	layout.Shape = []uint32{r.u32(), r.u32()}
	layout.TileRows, layout.TileColumns = r.u16(), r.u16()
	return layout
}
