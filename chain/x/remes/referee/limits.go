package referee

// Limits of a module, from spec/referee.md section 7. They bound the time and memory of
// registration and of compilation on hostile bytes; an honest referee is far below them.
const (
	ModuleBytesMax      = 65_536
	typesMax            = 64
	functionsMax        = 256
	globalsMax          = 64
	dataSegmentsMax     = 256
	parametersMax       = 16
	localsMax           = 256
	localsOfModuleMax   = 8_192
	bodyBytesMax        = 32_768
	nestingMax          = 128
	blocksOfFunctionMax = 1_024
	blocksOfModuleMax   = 4_096
	branchTargetsMax    = 256
	operandsMax         = 256
	memoryPagesMax      = 16
)

// Sizes of what a module has, from spec/referee.md section 1.
const (
	pageBytes           = 65_536
	requestBufferBytes  = 167_936
	responseBufferBytes = 65_536
	bufferAlignment     = 16
)

// Limits of a request and of its answer, from spec/referee.md sections 2 and 3.
const (
	OpBytesMax        = 1_024
	ConstantsBytesMax = 1_024
	RangesMax         = 64
	SlotsMax          = 64
	LeavesMax         = 4_096
	InputBytesMax     = 163_840
	TileBytesMax      = responseBufferBytes
	closureCallsMax   = 4
)

// Limits of fuel, from spec/referee.md section 8: a call may use the constant plus what its
// operation declares, together never more than the maximum.
const (
	FuelConstant uint64 = 4_000_000
	FuelMax      uint64 = 96_000_000
)
