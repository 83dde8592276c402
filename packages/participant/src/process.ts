/** The door for the start of a process: its life and its settings. What it computes with and where content lies is loaded when it is used. */
export { type DeviceBackend, deviceBackends } from "./device/deviceBackends.ts";
export { type FollowHeightsDeps, followHeights } from "./followHeights.ts";
export { keepOpenBusiness } from "./keepOpenBusiness.ts";
export type { Account } from "./openAccount.ts";
export {
  type ParticipantProgram,
  runParticipant,
  settingsFile,
} from "./runParticipant.ts";
export { trying } from "./trying.ts";
