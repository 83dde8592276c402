/** The one door of the package. */
export { acquireLock, lockHolder } from "./acquireLock.ts";
export type { Clock } from "./clock.ts";
export {
  createHealth,
  type Health,
  type HealthCheck,
  type HealthCheckReport,
  type HealthReport,
} from "./createHealth.ts";
export {
  createLogger,
  type Logger,
  type LoggerDeps,
  type LoggerOptions,
  type LogLevel,
  logLevels,
} from "./createLogger.ts";
export {
  createMetrics,
  type HistogramOptions,
  type MetricOptions,
  type Metrics,
} from "./createMetrics.ts";
export { createSecret, type Secret } from "./createSecret.ts";
export {
  createShutdown,
  type Shutdown,
  type ShutdownDeps,
  type ShutdownReport,
  type ShutdownStep,
} from "./createShutdown.ts";
export { type ConfigRow, describeConfig } from "./describeConfig.ts";
export { fileFailure } from "./fileFailure.ts";
export { type Fold, foldOlder } from "./foldOlder.ts";
export { healthPaths } from "./healthPaths.ts";
export { type Keep, keepAll } from "./keepAll.ts";
export { keepNewest } from "./keepNewest.ts";
export { listSettings, type Setting } from "./listSettings.ts";
export { type Config, type ConfigSources, type Flag, loadConfig } from "./loadConfig.ts";
export { type ManualClock, manualClock } from "./manualClock.ts";
export { manualRandomness } from "./manualRandomness.ts";
export { nearestName } from "./nearestName.ts";
export {
  type Journal,
  type JournalOptions,
  type JournalRecord,
  openJournal,
} from "./openJournal.ts";
export { identify, isAlive, type ProcessIdentity, processBirth } from "./processBirth.ts";
export type { Randomness } from "./randomness.ts";
export { runToEnd } from "./runToEnd.ts";
export { secretSetting } from "./secretSetting.ts";
export { type OperationsServer, serveOperations } from "./serveOperations.ts";
export { systemClock } from "./systemClock.ts";
export { systemRandomness } from "./systemRandomness.ts";
export { writeWhole } from "./writeWhole.ts";
