package referee

import "fmt"

// Reason names why a module is refused. The names are those of the error catalogue.
type Reason string

const (
	ReasonLimit         Reason = "REFEREE_LIMIT_EXCEEDED"
	ReasonMalformed     Reason = "REFEREE_MALFORMED"
	ReasonNotCanonical  Reason = "REFEREE_NOT_CANONICAL"
	ReasonSection       Reason = "REFEREE_SECTION_FORBIDDEN"
	ReasonImport        Reason = "REFEREE_IMPORT_FORBIDDEN"
	ReasonStart         Reason = "REFEREE_START_FORBIDDEN"
	ReasonTable         Reason = "REFEREE_TABLE_FORBIDDEN"
	ReasonValueType     Reason = "REFEREE_TYPE_FORBIDDEN"
	ReasonSignature     Reason = "REFEREE_SIGNATURE_FORBIDDEN"
	ReasonOpcode        Reason = "REFEREE_OPCODE_FORBIDDEN"
	ReasonRecursion     Reason = "REFEREE_RECURSION"
	ReasonMemory        Reason = "REFEREE_MEMORY_NOT_FIXED"
	ReasonGlobal        Reason = "REFEREE_GLOBAL_FORBIDDEN"
	ReasonExport        Reason = "REFEREE_EXPORT_INVALID"
	ReasonBuffer        Reason = "REFEREE_BUFFER_INVALID"
	ReasonData          Reason = "REFEREE_DATA_INVALID"
	ReasonTypeCheck     Reason = "REFEREE_TYPE_CHECK_FAILED"
	ReasonMetered       Reason = "REFEREE_ALREADY_METERED"
	ReasonEngineRefused Reason = "REFEREE_ENGINE_REFUSED"
)

// Refusal is the error of a module that is not admitted: a stable reason and our own facts about
// it. No text of an engine is ever part of it.
type Refusal struct {
	Reason Reason
	What   string // the thing refused, such as "locals of a function" or "opcode 0x43"
	Value  uint64 // the value met, where one exists
	Max    uint64 // the limit it exceeds, where one exists
	Offset int    // byte offset in the module, where the reading stopped
}

func (r *Refusal) Error() string {
	if r.Max > 0 {
		return fmt.Sprintf("%s: %s: %d, at most %d, byte %d",
			r.Reason, r.What, r.Value, r.Max, r.Offset)
	}
	return fmt.Sprintf("%s: %s, byte %d", r.Reason, r.What, r.Offset)
}
