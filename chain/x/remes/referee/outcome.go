package referee

// Code says how a call ended. The names that are errors are those of the error catalogue.
type Code string

const (
	// Done: the module answered.
	Done Code = "DONE"
	// Refused: the module says that the request is not one for it; Outcome.Refusal has its number.
	Refused Code = "REFEREE_REFUSED"
	// Trapped: no answer. Out of fuel, out of its memory, a division by zero, an answer outside the
	// contract, a failure of the engine: all are one, because engines tell them apart differently.
	Trapped Code = "REFEREE_TRAPPED"
)

// Outcome is how a call ended and what it cost. Equal requests have equal outcomes on every engine
// and processor.
type Outcome struct {
	Code    Code
	Fuel    uint64 // units used; the whole limit when trapped
	Refusal int32  // the module's negative number when refused
}
