/** Disputes, from the challenge to the tile that consensus computed. */
import { chain, statement } from "@r3mes/database";
import { R3mesError } from "@r3mes/protocol";
import { asc, eq, getTableColumns, isNotNull, isNull, sql as text } from "drizzle-orm";
import { z } from "zod";
import type { ApiServer } from "../../apiServer.ts";
import type { ExplorerDeps } from "../explorerDeps.ts";
import { readHistory } from "../readHistory.ts";
import { pageReader, timedPageReader } from "../readPage.ts";
import { dispute, disputeDetail } from "../schemas/disputes.ts";
import { pageOf, pageQuery } from "../schemas/page.ts";
import { queryCount, queryNumber } from "../schemas/primitives.ts";

const tags = ["explorer"];
/** A case fines its parties and those who vouched for the work. */
const finesMax = 200;
const { blocks, cases, caseMoves, offences } = chain;
const { caseId: _, ...moveColumns } = getTableColumns(caseMoves);

const readCases = pageReader({
  table: cases,
  keys: [cases.id],
  conditions: {
    isOpen: () => isNull(cases.outcome),
    isOver: () => isNotNull(cases.outcome),
    party: (party) => text`(${cases.defender} = ${party} or ${cases.challenger} = ${party})`,
  },
});
const readFines = timedPageReader({
  table: offences,
  keys: [offences.height, offences.index],
  at: offences.height,
});
const caseById = statement(["id"], (sql, { id }) =>
  sql.select().from(cases).where(eq(cases.id, id)),
);
const movesOf = statement(["id"], (sql, { id }) =>
  sql
    .select({ ...moveColumns, timeMs: blocks.timeMs })
    .from(caseMoves)
    .innerJoin(blocks, eq(blocks.height, caseMoves.height))
    .where(eq(caseMoves.caseId, id))
    .orderBy(asc(caseMoves.height), asc(caseMoves.index)),
);

export function addDisputeRoutes(server: ApiServer, { database: { sql } }: ExplorerDeps): void {
  server.get(
    "/cases",
    {
      schema: {
        tags,
        summary: "Disputes, the newest first",
        querystring: pageQuery.extend({
          open: z.enum(["true", "false"]).optional().describe("Only those under way, or over."),
          party: z.string().max(64).optional().describe("Defender or challenger."),
          poolId: queryNumber.optional(),
          round: queryCount.optional().describe("Disputes about its chunks and about its sum."),
        }),
        response: { 200: pageOf(dispute, "CasePage") },
      },
    },
    ({ query: { cursor, limit, open, ...values } }) => {
      const stands =
        open === undefined ? {} : open === "true" ? { isOpen: true } : { isOver: true };
      return readCases(sql, { cursor, limit }, { ...values, ...stands }) as never;
    },
  );

  server.get(
    "/cases/:id",
    {
      schema: {
        tags,
        summary: "A dispute with every move of its parties",
        params: z.object({ id: queryNumber }),
        response: { 200: disputeDetail },
      },
    },
    async ({ params: { id } }) => {
      const [found] = await caseById(sql, { id });
      if (found === undefined) throw new R3mesError({ code: "CASE_NOT_FOUND", id });
      const moves = await movesOf(sql, { id });
      const history = await readHistory(sql, { caseIds: [id] });
      const { items: fines } = await readFines(sql, { limit: finesMax }, { caseId: id });
      return { ...found, moves, offences: fines, history } as z.infer<typeof disputeDetail>;
    },
  );
}
