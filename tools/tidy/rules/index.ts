import type { Rule } from "../rule.ts";
import { changeFragments } from "./changeFragments.ts";
import { consensusArithmetic } from "./consensusArithmetic.ts";
import { corePurity } from "./corePurity.ts";
import { datedDecisions } from "./datedDecisions.ts";
import { declaredImports } from "./declaredImports.ts";
import { errorCodes } from "./errorCodes.ts";
import { exactPins } from "./exactPins.ts";
import { fileNames } from "./fileNames.ts";
import { goFunctionLength } from "./goFunctionLength.ts";
import { links } from "./links.ts";
import { machinePaths } from "./machinePaths.ts";
import { moduleHeaders } from "./moduleHeaders.ts";
import { readmes } from "./readmes.ts";
import { rootFiles } from "./rootFiles.ts";
import { unfinishedWork } from "./unfinishedWork.ts";

export const rules: readonly Rule[] = [
  rootFiles,
  fileNames,
  moduleHeaders,
  readmes,
  links,
  unfinishedWork,
  machinePaths,
  consensusArithmetic,
  goFunctionLength,
  errorCodes,
  declaredImports,
  exactPins,
  corePurity,
  datedDecisions,
  changeFragments,
];
