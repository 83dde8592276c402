// Code generated from spec/errors.json by tools/gen/errors.ts. DO NOT EDIT.

package types

import errorsmod "cosmossdk.io/errors"

// Errors that the module returns. Numbers are consensus and are never reused.
var (
	ErrEncodingInvalid           = errorsmod.Register(ModuleName, 2, "The bytes are not a canonical encoding")
	ErrHashLengthInvalid         = errorsmod.Register(ModuleName, 3, "A hash is not 32 bytes long")
	ErrAddressInvalid            = errorsmod.Register(ModuleName, 4, "The address is not valid")
	ErrAmountInvalid             = errorsmod.Register(ModuleName, 5, "The amount is not valid")
	ErrAmountOutOfRange          = errorsmod.Register(ModuleName, 6, "The amount is outside its range")
	ErrDenomInvalid              = errorsmod.Register(ModuleName, 7, "The denomination is not uremes")
	ErrMerkleIndexInvalid        = errorsmod.Register(ModuleName, 8, "The leaf index is outside the tree")
	ErrMerkleProofInvalid        = errorsmod.Register(ModuleName, 9, "The Merkle proof does not lead to the root")
	ErrMerkleProofShapeInvalid   = errorsmod.Register(ModuleName, 10, "The Merkle proof does not have its one canonical shape")
	ErrMessageTooLarge           = errorsmod.Register(ModuleName, 11, "The message exceeds a size limit")
	ErrMessageInvalid            = errorsmod.Register(ModuleName, 12, "The message is incomplete or contradicts itself")
	ErrUnauthorized              = errorsmod.Register(ModuleName, 13, "The signer may not do this")
	ErrParamsInvalid             = errorsmod.Register(ModuleName, 14, "The parameters are not valid")
	ErrModelInvalid              = errorsmod.Register(ModuleName, 15, "The model record is not valid")
	ErrModelNotFound             = errorsmod.Register(ModuleName, 16, "No such model is registered")
	ErrModelRetired              = errorsmod.Register(ModuleName, 17, "The model is retired")
	ErrModelExists               = errorsmod.Register(ModuleName, 18, "The model is already registered")
	ErrRefereeInvalid            = errorsmod.Register(ModuleName, 19, "The referee module is refused")
	ErrRefereeNotFound           = errorsmod.Register(ModuleName, 20, "No such referee is registered")
	ErrRefereeExists             = errorsmod.Register(ModuleName, 21, "The referee module is already registered")
	ErrRefereeTrapped            = errorsmod.Register(ModuleName, 22, "The referee stopped before it had a result")
	ErrDatasetInvalid            = errorsmod.Register(ModuleName, 23, "The dataset record is not valid")
	ErrDatasetNotFound           = errorsmod.Register(ModuleName, 24, "No such dataset is registered")
	ErrDatasetNotApproved        = errorsmod.Register(ModuleName, 25, "The dataset is not approved")
	ErrDatasetExists             = errorsmod.Register(ModuleName, 26, "The dataset is already registered")
	ErrAdapterNotFound           = errorsmod.Register(ModuleName, 27, "No such adapter version exists")
	ErrAdapterModelMismatch      = errorsmod.Register(ModuleName, 28, "The parent adapter belongs to another model")
	ErrParticipantNotFound       = errorsmod.Register(ModuleName, 29, "The participant is not registered")
	ErrOperatorInUse             = errorsmod.Register(ModuleName, 30, "The operator key serves another participant")
	ErrRoleInvalid               = errorsmod.Register(ModuleName, 31, "The role is unknown or cannot do this")
	ErrBondTooSmall              = errorsmod.Register(ModuleName, 32, "The bond is below the minimum of its role")
	ErrBondInsufficient          = errorsmod.Register(ModuleName, 33, "Not enough free bond")
	ErrBondLocked                = errorsmod.Register(ModuleName, 34, "The bond is locked by open work")
	ErrUnbondingNotFound         = errorsmod.Register(ModuleName, 35, "No such unbonding exists")
	ErrParticipantJailed         = errorsmod.Register(ModuleName, 36, "The participant is jailed")
	ErrFundsInsufficient         = errorsmod.Register(ModuleName, 37, "The account does not hold enough uremes")
	ErrPoolInvalid               = errorsmod.Register(ModuleName, 38, "The pool's settings are not valid")
	ErrPoolNotFound              = errorsmod.Register(ModuleName, 39, "No such pool exists")
	ErrPoolClosed                = errorsmod.Register(ModuleName, 40, "The pool is closed")
	ErrPoolBudgetInsufficient    = errorsmod.Register(ModuleName, 41, "The budget does not pay for the pool")
	ErrRoundNotFound             = errorsmod.Register(ModuleName, 42, "No such round exists")
	ErrPhaseWrong                = errorsmod.Register(ModuleName, 43, "The round is in another phase")
	ErrChunkNoneLeft             = errorsmod.Register(ModuleName, 44, "No chunk is left to claim")
	ErrLeaseNotFound             = errorsmod.Register(ModuleName, 45, "No such lease exists")
	ErrLeaseExpired              = errorsmod.Register(ModuleName, 46, "The lease has expired")
	ErrLeaseLimitReached         = errorsmod.Register(ModuleName, 47, "No slot is free for another lease")
	ErrLeaseOtherMiner           = errorsmod.Register(ModuleName, 48, "The lease belongs to another miner")
	ErrCommitmentExists          = errorsmod.Register(ModuleName, 49, "The lease already has a commitment")
	ErrCommitmentNotFound        = errorsmod.Register(ModuleName, 50, "Nothing was committed for this lease")
	ErrCommitmentMismatch        = errorsmod.Register(ModuleName, 51, "The reveal does not match the commitment")
	ErrRevealExists              = errorsmod.Register(ModuleName, 52, "The submission was already revealed")
	ErrSubmissionNotFound        = errorsmod.Register(ModuleName, 53, "No such submission exists")
	ErrSubmissionSettled         = errorsmod.Register(ModuleName, 54, "The submission is settled")
	ErrCidInvalid                = errorsmod.Register(ModuleName, 55, "The content identifier is not valid")
	ErrOpeningExists             = errorsmod.Register(ModuleName, 56, "The audited step was already opened")
	ErrOpeningInvalid            = errorsmod.Register(ModuleName, 57, "The opening does not lead to the steps root")
	ErrAuditNotFound             = errorsmod.Register(ModuleName, 58, "No such audit exists")
	ErrAuditNotDrawn             = errorsmod.Register(ModuleName, 59, "The verifier was not drawn for this audit")
	ErrVerdictExists             = errorsmod.Register(ModuleName, 60, "The verdict was already given")
	ErrVerdictNotCommitted       = errorsmod.Register(ModuleName, 61, "No verdict was committed")
	ErrVerdictMismatch           = errorsmod.Register(ModuleName, 62, "The revealed verdict does not match its commitment")
	ErrVerdictInvalid            = errorsmod.Register(ModuleName, 63, "The verdict is not valid")
	ErrAggregationNotOpen        = errorsmod.Register(ModuleName, 64, "The round is not being aggregated")
	ErrAttestationExists         = errorsmod.Register(ModuleName, 65, "The verifier has already attested this round")
	ErrAttestationInvalid        = errorsmod.Register(ModuleName, 66, "The attestation is not valid")
	ErrChallengeWindowClosed     = errorsmod.Register(ModuleName, 67, "The challenge period is not open")
	ErrChallengeStepInvalid      = errorsmod.Register(ModuleName, 68, "The challenge names a step that is not opened")
	ErrCaseNotFound              = errorsmod.Register(ModuleName, 69, "No such case exists")
	ErrCaseClosed                = errorsmod.Register(ModuleName, 70, "The case is decided")
	ErrCaseOtherParty            = errorsmod.Register(ModuleName, 71, "It is the other party's move")
	ErrCaseMoveWrong             = errorsmod.Register(ModuleName, 72, "The case expects another move")
	ErrTraceInvalid              = errorsmod.Register(ModuleName, 73, "The posted trace does not bind to the disputed node")
	ErrTraceStateMismatch        = errorsmod.Register(ModuleName, 74, "The trace does not bind to the revealed state roots")
	ErrPinpointInvalid           = errorsmod.Register(ModuleName, 75, "The named child is not in dispute")
	ErrTileInputInvalid          = errorsmod.Register(ModuleName, 76, "The tile's inputs are not those that the referee names")
	ErrProgramProofInvalid       = errorsmod.Register(ModuleName, 77, "The operation record is not in the registered program")
	ErrBeaconEpochWrong          = errorsmod.Register(ModuleName, 78, "The beacon epoch is not open for this")
	ErrBeaconCommitmentExists    = errorsmod.Register(ModuleName, 79, "The beacon commitment was already made")
	ErrBeaconCommitmentNotFound  = errorsmod.Register(ModuleName, 80, "No beacon commitment was made")
	ErrBeaconMismatch            = errorsmod.Register(ModuleName, 81, "The beacon reveal does not match its commitment")
	ErrRewardNone                = errorsmod.Register(ModuleName, 82, "There is nothing to withdraw")
	ErrSupplyCapReached          = errorsmod.Register(ModuleName, 83, "The supply cap is reached")
	ErrModuleBalanceWrong        = errorsmod.Register(ModuleName, 84, "A module account does not hold what its records say")
	ErrDrawTooLarge              = errorsmod.Register(ModuleName, 85, "The draw asks for more items than the set has")
	ErrListNotCanonical          = errorsmod.Register(ModuleName, 86, "The items of a set are not in ascending order")
	ErrCaseClockOut              = errorsmod.Register(ModuleName, 87, "The clock of the party that must move has run out")
	ErrChallengeExists           = errorsmod.Register(ModuleName, 88, "This account already disputes the submission")
	ErrChallengeKindInvalid      = errorsmod.Register(ModuleName, 89, "A message cannot dispute this")
	ErrChallengeQueueFull        = errorsmod.Register(ModuleName, 90, "Too many challenges of the submission are already waiting")
	ErrAdapterRecalled           = errorsmod.Register(ModuleName, 91, "The adapter version was recalled")
	ErrOffenceNotFound           = errorsmod.Register(ModuleName, 92, "No such fine was taken")
	ErrStoreNotMigrated          = errorsmod.Register(ModuleName, 93, "The store of the chain was written by an earlier release")
	ErrFindingExists             = errorsmod.Register(ModuleName, 94, "The verifier has already said what is wrong with this submission")
	ErrFindingInvalid            = errorsmod.Register(ModuleName, 95, "The finding names no part of the submission")
	ErrInquiryNotOpen            = errorsmod.Register(ModuleName, 96, "Nobody is asked about this submission")
	ErrRefereeLimitExceeded      = errorsmod.Register(ModuleName, 900, "The referee module exceeds a limit")
	ErrRefereeMalformed          = errorsmod.Register(ModuleName, 901, "The referee module cannot be read")
	ErrRefereeNotCanonical       = errorsmod.Register(ModuleName, 902, "The referee module is not written in its shortest form")
	ErrRefereeSectionForbidden   = errorsmod.Register(ModuleName, 903, "The referee module has a section that is not allowed")
	ErrRefereeImportForbidden    = errorsmod.Register(ModuleName, 904, "The referee module has imports")
	ErrRefereeStartForbidden     = errorsmod.Register(ModuleName, 905, "The referee module has a start function")
	ErrRefereeTableForbidden     = errorsmod.Register(ModuleName, 906, "The referee module has a table")
	ErrRefereeTypeForbidden      = errorsmod.Register(ModuleName, 907, "The referee module uses a type that is not allowed")
	ErrRefereeSignatureForbidden = errorsmod.Register(ModuleName, 908, "A function or block of the referee module has a form that is not allowed")
	ErrRefereeOpcodeForbidden    = errorsmod.Register(ModuleName, 909, "The referee module has an instruction that is not allowed")
	ErrRefereeRecursion          = errorsmod.Register(ModuleName, 910, "The referee module is recursive")
	ErrRefereeMemoryNotFixed     = errorsmod.Register(ModuleName, 911, "The memory of the referee module is not one of fixed size")
	ErrRefereeGlobalForbidden    = errorsmod.Register(ModuleName, 912, "A global of the referee module does not begin as a constant")
	ErrRefereeExportInvalid      = errorsmod.Register(ModuleName, 913, "The exports of the referee module are not those of a referee")
	ErrRefereeBufferInvalid      = errorsmod.Register(ModuleName, 914, "A buffer of the referee module is misplaced")
	ErrRefereeDataInvalid        = errorsmod.Register(ModuleName, 915, "A data segment of the referee module is not allowed")
	ErrRefereeTypeCheckFailed    = errorsmod.Register(ModuleName, 916, "The referee module is not valid WebAssembly")
	ErrRefereeAlreadyMetered     = errorsmod.Register(ModuleName, 917, "The referee module is already metered")
	ErrRefereeEngineRefused      = errorsmod.Register(ModuleName, 918, "The engine cannot compile the referee module")
	ErrRefereeRefused            = errorsmod.Register(ModuleName, 920, "The referee does not serve this request")
)

// ErrorCodes maps a registered number to the code of the catalogue.
var ErrorCodes = map[uint32]string{
	2:   "ENCODING_INVALID",
	3:   "HASH_LENGTH_INVALID",
	4:   "ADDRESS_INVALID",
	5:   "AMOUNT_INVALID",
	6:   "AMOUNT_OUT_OF_RANGE",
	7:   "DENOM_INVALID",
	8:   "MERKLE_INDEX_INVALID",
	9:   "MERKLE_PROOF_INVALID",
	10:  "MERKLE_PROOF_SHAPE_INVALID",
	11:  "MESSAGE_TOO_LARGE",
	12:  "MESSAGE_INVALID",
	13:  "UNAUTHORIZED",
	14:  "PARAMS_INVALID",
	15:  "MODEL_INVALID",
	16:  "MODEL_NOT_FOUND",
	17:  "MODEL_RETIRED",
	18:  "MODEL_EXISTS",
	19:  "REFEREE_INVALID",
	20:  "REFEREE_NOT_FOUND",
	21:  "REFEREE_EXISTS",
	22:  "REFEREE_TRAPPED",
	23:  "DATASET_INVALID",
	24:  "DATASET_NOT_FOUND",
	25:  "DATASET_NOT_APPROVED",
	26:  "DATASET_EXISTS",
	27:  "ADAPTER_NOT_FOUND",
	28:  "ADAPTER_MODEL_MISMATCH",
	29:  "PARTICIPANT_NOT_FOUND",
	30:  "OPERATOR_IN_USE",
	31:  "ROLE_INVALID",
	32:  "BOND_TOO_SMALL",
	33:  "BOND_INSUFFICIENT",
	34:  "BOND_LOCKED",
	35:  "UNBONDING_NOT_FOUND",
	36:  "PARTICIPANT_JAILED",
	37:  "FUNDS_INSUFFICIENT",
	38:  "POOL_INVALID",
	39:  "POOL_NOT_FOUND",
	40:  "POOL_CLOSED",
	41:  "POOL_BUDGET_INSUFFICIENT",
	42:  "ROUND_NOT_FOUND",
	43:  "PHASE_WRONG",
	44:  "CHUNK_NONE_LEFT",
	45:  "LEASE_NOT_FOUND",
	46:  "LEASE_EXPIRED",
	47:  "LEASE_LIMIT_REACHED",
	48:  "LEASE_OTHER_MINER",
	49:  "COMMITMENT_EXISTS",
	50:  "COMMITMENT_NOT_FOUND",
	51:  "COMMITMENT_MISMATCH",
	52:  "REVEAL_EXISTS",
	53:  "SUBMISSION_NOT_FOUND",
	54:  "SUBMISSION_SETTLED",
	55:  "CID_INVALID",
	56:  "OPENING_EXISTS",
	57:  "OPENING_INVALID",
	58:  "AUDIT_NOT_FOUND",
	59:  "AUDIT_NOT_DRAWN",
	60:  "VERDICT_EXISTS",
	61:  "VERDICT_NOT_COMMITTED",
	62:  "VERDICT_MISMATCH",
	63:  "VERDICT_INVALID",
	64:  "AGGREGATION_NOT_OPEN",
	65:  "ATTESTATION_EXISTS",
	66:  "ATTESTATION_INVALID",
	67:  "CHALLENGE_WINDOW_CLOSED",
	68:  "CHALLENGE_STEP_INVALID",
	69:  "CASE_NOT_FOUND",
	70:  "CASE_CLOSED",
	71:  "CASE_OTHER_PARTY",
	72:  "CASE_MOVE_WRONG",
	73:  "TRACE_INVALID",
	74:  "TRACE_STATE_MISMATCH",
	75:  "PINPOINT_INVALID",
	76:  "TILE_INPUT_INVALID",
	77:  "PROGRAM_PROOF_INVALID",
	78:  "BEACON_EPOCH_WRONG",
	79:  "BEACON_COMMITMENT_EXISTS",
	80:  "BEACON_COMMITMENT_NOT_FOUND",
	81:  "BEACON_MISMATCH",
	82:  "REWARD_NONE",
	83:  "SUPPLY_CAP_REACHED",
	84:  "MODULE_BALANCE_WRONG",
	85:  "DRAW_TOO_LARGE",
	86:  "LIST_NOT_CANONICAL",
	87:  "CASE_CLOCK_OUT",
	88:  "CHALLENGE_EXISTS",
	89:  "CHALLENGE_KIND_INVALID",
	90:  "CHALLENGE_QUEUE_FULL",
	91:  "ADAPTER_RECALLED",
	92:  "OFFENCE_NOT_FOUND",
	93:  "STORE_NOT_MIGRATED",
	94:  "FINDING_EXISTS",
	95:  "FINDING_INVALID",
	96:  "INQUIRY_NOT_OPEN",
	900: "REFEREE_LIMIT_EXCEEDED",
	901: "REFEREE_MALFORMED",
	902: "REFEREE_NOT_CANONICAL",
	903: "REFEREE_SECTION_FORBIDDEN",
	904: "REFEREE_IMPORT_FORBIDDEN",
	905: "REFEREE_START_FORBIDDEN",
	906: "REFEREE_TABLE_FORBIDDEN",
	907: "REFEREE_TYPE_FORBIDDEN",
	908: "REFEREE_SIGNATURE_FORBIDDEN",
	909: "REFEREE_OPCODE_FORBIDDEN",
	910: "REFEREE_RECURSION",
	911: "REFEREE_MEMORY_NOT_FIXED",
	912: "REFEREE_GLOBAL_FORBIDDEN",
	913: "REFEREE_EXPORT_INVALID",
	914: "REFEREE_BUFFER_INVALID",
	915: "REFEREE_DATA_INVALID",
	916: "REFEREE_TYPE_CHECK_FAILED",
	917: "REFEREE_ALREADY_METERED",
	918: "REFEREE_ENGINE_REFUSED",
	920: "REFEREE_REFUSED",
}
