/** Disputes, from the challenge to the tile that consensus computed. */
import { chain } from "@r3mes/database";
import { asc, desc, eq, isNotNull, isNull, sql } from "drizzle-orm";
import { z } from "zod";
import type { ApiServer } from "../../apiServer.ts";
import { addRead } from "../addRead.ts";
import type { ExplorerDeps } from "../explorerDeps.ts";
import { historyOf } from "../historyOf.ts";
import { pageReader } from "../readPage.ts";
import { offenceRecord } from "../records.ts";
import { dispute, disputeDetail } from "../schemas/disputes.ts";
import { pageOf, pageQuery } from "../schemas/page.ts";
import { queryCount, queryNumber } from "../schemas/primitives.ts";
import { theOne } from "../theOne.ts";
import { fieldsOf, recordsReader, rowsOf, select, timeAt } from "../writtenJson.ts";

/** A case fines its parties and those who vouched for the work. */
const finesMax = 200;
const { cases, caseMoves, events, offences } = chain;

const readCases = pageReader({
  table: cases,
  keys: [cases.id],
  conditions: {
    isOpen: () => isNull(cases.outcome),
    isOver: () => isNotNull(cases.outcome),
    party: (party) => sql`(${cases.defender} = ${party} or ${cases.challenger} = ${party})`,
  },
});

const { caseId: _, ...moveFields } = fieldsOf(caseMoves);
const readCase = recordsReader(["id"], ({ id }) =>
  select({
    ...fieldsOf(cases),
    moves: rowsOf(
      select({ ...moveFields, timeMs: timeAt(caseMoves.height) })
        .from(caseMoves)
        .where(eq(caseMoves.caseId, cases.id))
        .orderBy(asc(caseMoves.height), asc(caseMoves.index)),
    ),
    offences: rowsOf(
      select(offenceRecord)
        .from(offences)
        .where(eq(offences.caseId, cases.id))
        .orderBy(desc(offences.height), desc(offences.index))
        .limit(finesMax),
    ),
    history: historyOf(eq(events.caseId, cases.id)),
  })
    .from(cases)
    .where(eq(cases.id, id)),
);

export function addDisputeRoutes(server: ApiServer, { database }: ExplorerDeps): void {
  const { sql: reader } = database;

  addRead(
    server,
    "/cases",
    {
      summary: "Disputes, the newest first",
      query: pageQuery.extend({
        open: z.enum(["true", "false"]).optional().describe("Only those under way, or over."),
        party: z.string().max(64).optional().describe("Defender or challenger."),
        poolId: queryNumber.optional(),
        round: queryCount.optional().describe("Disputes about its chunks and about its sum."),
      }),
      reply: pageOf(dispute, "CasePage"),
    },
    ({ query: { open, ...values } }) => {
      const stands =
        open === undefined ? {} : open === "true" ? { isOpen: true } : { isOver: true };
      return readCases(reader, { ...values, ...stands });
    },
  );

  addRead(
    server,
    "/cases/:id",
    {
      summary: "A dispute with every move of its parties",
      params: z.object({ id: queryNumber }),
      reply: disputeDetail,
    },
    async ({ params: { id } }) =>
      theOne(await readCase(reader, { id }), { code: "CASE_NOT_FOUND", id }),
  );
}
