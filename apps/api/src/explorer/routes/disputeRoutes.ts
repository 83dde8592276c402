/** Disputes, from the challenge to the tile that consensus computed. */
import { chain } from "@r3mes/database";
import { R3mesError } from "@r3mes/protocol";
import { and, asc, eq, getTableColumns, isNotNull, isNull, or } from "drizzle-orm";
import { z } from "zod";
import type { ApiServer } from "../../apiServer.ts";
import type { ExplorerDeps } from "../explorerDeps.ts";
import { fitting } from "../fitting.ts";
import { readHistory } from "../readHistory.ts";
import { readPage, readTimedPage } from "../readPage.ts";
import { dispute, disputeDetail } from "../schemas/disputes.ts";
import { pageOf, pageQuery } from "../schemas/page.ts";
import { queryCount, queryNumber } from "../schemas/primitives.ts";

const tags = ["explorer"];
/** A case fines its parties and those who vouched for the work. */
const finesMax = 200;
const { blocks, cases, caseMoves, offences } = chain;
const { caseId: _, ...moveColumns } = getTableColumns(caseMoves);

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
    ({ query: { open, party, poolId, round, ...page } }) => {
      const underWay = open === "true" ? isNull(cases.outcome) : isNotNull(cases.outcome);
      const ofParty =
        party === undefined
          ? undefined
          : or(eq(cases.defender, party), eq(cases.challenger, party));
      return readPage(sql, page, {
        table: cases,
        keys: [cases.id],
        where: and(
          open === undefined ? undefined : underWay,
          ofParty,
          fitting(cases, { poolId, round }),
        ),
      }) as never;
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
      const [found] = await sql.select().from(cases).where(eq(cases.id, id));
      if (found === undefined) throw new R3mesError({ code: "CASE_NOT_FOUND", id });
      const moves = await sql
        .select({ ...moveColumns, timeMs: blocks.timeMs })
        .from(caseMoves)
        .innerJoin(blocks, eq(blocks.height, caseMoves.height))
        .where(eq(caseMoves.caseId, id))
        .orderBy(asc(caseMoves.height), asc(caseMoves.index));
      const history = await readHistory(sql, { caseIds: [id] });
      const { items: fines } = await readTimedPage(
        sql,
        { limit: finesMax },
        {
          table: offences,
          keys: [offences.height, offences.index],
          where: eq(offences.caseId, id),
          at: offences.height,
        },
      );
      return { ...found, moves, offences: fines, history } as z.infer<typeof disputeDetail>;
    },
  );
}
