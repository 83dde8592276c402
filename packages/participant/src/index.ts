/** The one door of the package. */
export { atEachHeight } from "./atEachHeight.ts";
export { type BlockPace, createBlockPace } from "./blockPace.ts";
export type { Computed } from "./computed.ts";
export { caseWaitMs, contentOf, patienceMs } from "./contentOf.ts";
export { createBeside } from "./createBeside.ts";
export { createDutyQueue, type DutyQueue } from "./createDutyQueue.ts";
export { createLivePools } from "./createLivePools.ts";
export { createPrefetch } from "./createPrefetch.ts";
export type { StatusBoard } from "./createStatusBoard.ts";
export { createStoreKeeper, type StoreKeeper } from "./createStoreKeeper.ts";
export { createTaskQueue } from "./createTaskQueue.ts";
export { type DescribedDuty, describeDuties } from "./describeDuties.ts";
export { createDevice, type Device } from "./device/createDevice.ts";
export { type DeviceBackend, deviceBackends } from "./device/deviceBackends.ts";
export { proveDevice } from "./device/proveDevice.ts";
export { type RunTime, timedSession } from "./device/timedSession.ts";
export { claimOf } from "./dispute/caseMessages.ts";
export type { ChunkWork } from "./dispute/casePlayerDeps.ts";
export type { CaseRecord } from "./dispute/caseRecord.ts";
export { checkedWorkOf, countChecks, findCheck, keepChecks } from "./dispute/checkRecord.ts";
export { checkSum, differenceOfSums, sumChallengeMessage } from "./dispute/checkSum.ts";
export { createCaseLoad } from "./dispute/createCaseLoad.ts";
export { type CasePlayer, createCasePlayer } from "./dispute/createCasePlayer.ts";
export { createSumWatcher, keepSumChecks } from "./dispute/createSumWatcher.ts";
export { createWatcher, isDoneWith } from "./dispute/createWatcher.ts";
export { openInquiry } from "./dispute/openInquiry.ts";
export { createOpenUpdates, openSummedRound } from "./dispute/openSummedRound.ts";
export { isOutdated, openSumToAttest, type SumToAttest } from "./dispute/openSumToAttest.ts";
export {
  challengeMessage,
  type Difference,
  type OpenedChunk,
  openCheck,
  openChunk,
  querySubmission,
  type ReplayDeps,
  replayChunk,
  trainAgain,
} from "./dispute/replayChunk.ts";
export { dutiesOf } from "./dutiesOf.ts";
export { createPaySum, createWithdrawal, withdrawMatured } from "./earnings.ts";
export { holdBond } from "./holdBond.ts";
export { idsOfOpenPools } from "./idsOfOpenPools.ts";
export { keepConnected } from "./keepConnected.ts";
export { keepOpenBusiness } from "./keepOpenBusiness.ts";
export { kept } from "./kept.ts";
export { type Key, openKeyFile } from "./keyFile.ts";
export type { Participant } from "./openParticipant.ts";
export { openStore } from "./openStore.ts";
export { createPoolOpener, type TrainingPool } from "./openTrainingPool.ts";
export { recordsOfPool } from "./recordsOfPool.ts";
export { runParticipant } from "./runParticipant.ts";
export { trying } from "./trying.ts";
export { untilAnswered } from "./untilAnswered.ts";
