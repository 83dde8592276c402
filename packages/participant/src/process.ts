/** The door for the start of a process, and for whoever prepares one: its life, its key and its settings. What it computes with and where content lies is loaded when it is used. */
export { followHeights } from "./followHeights.ts";
export { createKeyFile, type Key, openKeyFile, wordsOfKeyFile } from "./keyFile.ts";
export type { Account } from "./openAccount.ts";
export { backendSetting, stepSettings, withdrawSetting } from "./participantSettings.ts";
export { readText } from "./readText.ts";
export {
  type ParticipantProgram,
  runParticipant,
  settingsFile,
  showSettings,
} from "./runParticipant.ts";
export { trying } from "./trying.ts";
