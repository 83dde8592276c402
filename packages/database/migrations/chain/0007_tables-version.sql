ALTER TABLE "chain"."cursor" ADD COLUMN "version" integer;--> statement-breakpoint
-- What indexing these blocks again would count and add up: an indexer of an earlier build may have gone on without it.
UPDATE "chain"."cursor" SET ("version", "blocks", "transactions", "accounts", "minted", "credited", "withdrawn", "taken", "burned", "revealed", "chunks", "audits", "verdicts", "cases", "accepted") = (SELECT
	7,
	(SELECT count(*) FROM "chain"."blocks"),
	(SELECT coalesce(sum("transactions"), 0) FROM "chain"."blocks"),
	(SELECT count(*) FROM "chain"."accounts"),
	(SELECT coalesce(sum("minted"), 0) FROM "chain"."reward_epochs"),
	(SELECT coalesce(sum("amount"), 0) FROM "chain"."credits"),
	(SELECT coalesce(sum("amount"), 0) FROM "chain"."withdrawals"),
	(SELECT coalesce(sum("taken"), 0) FROM "chain"."offences"),
	(SELECT coalesce(sum("burned"), 0) FROM "chain"."offences"),
	(SELECT count(*) FROM "chain"."submissions" WHERE "update_root" IS NOT NULL),
	(SELECT coalesce(jsonb_object_agg(word, counted), '{}') FROM (
		SELECT "status" AS word, count(*) AS counted FROM "chain"."chunks" GROUP BY 1) AS words),
	(SELECT coalesce(jsonb_object_agg(word, counted), '{}') FROM (
		SELECT "phase" AS word, count(*) AS counted FROM "chain"."audits" GROUP BY 1) AS words),
	(SELECT coalesce(jsonb_object_agg(word, counted), '{}') FROM (
		SELECT "verdict" AS word, count(*) AS counted FROM "chain"."seats" WHERE "verdict" IS NOT NULL GROUP BY 1) AS words),
	(SELECT coalesce(jsonb_object_agg(word, counted), '{}') FROM (
		SELECT coalesce("outcome", 'open') AS word, count(*) AS counted FROM "chain"."cases" GROUP BY 1) AS words),
	(SELECT coalesce(jsonb_object_agg(word, counted), '{}') FROM (
		SELECT "pool_id" AS word, count(*) AS counted FROM "chain"."submissions" WHERE "status" IN ('accepted', 'mature') GROUP BY 1) AS words));--> statement-breakpoint
ALTER TABLE "chain"."cursor" ALTER COLUMN "version" SET NOT NULL;--> statement-breakpoint
ALTER TABLE "chain"."cursor" ADD CONSTRAINT "cursor_version" CHECK ("chain"."cursor"."version" = 7);
