/** The door for the start of a process: its life and its settings. What it computes with and where content lies is loaded when it is used. */
export { followHeights } from "./followHeights.ts";
export type { Account } from "./openAccount.ts";
export { backendSetting, stepSettings, withdrawSetting } from "./participantSettings.ts";
export { type ParticipantProgram, runParticipant } from "./runParticipant.ts";
export { trying } from "./trying.ts";
