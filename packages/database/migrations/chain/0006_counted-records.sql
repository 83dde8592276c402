ALTER TABLE "chain"."cursor" ADD COLUMN "taken" numeric(20, 0) DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "chain"."cursor" ADD COLUMN "burned" numeric(20, 0) DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "chain"."cursor" ADD COLUMN "revealed" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "chain"."cursor" ADD COLUMN "chunks" jsonb DEFAULT '{}'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "chain"."cursor" ADD COLUMN "audits" jsonb DEFAULT '{}'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "chain"."cursor" ADD COLUMN "verdicts" jsonb DEFAULT '{}'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "chain"."cursor" ADD COLUMN "cases" jsonb DEFAULT '{}'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "chain"."cursor" ADD COLUMN "accepted" jsonb DEFAULT '{}'::jsonb NOT NULL;--> statement-breakpoint
-- What indexing these blocks again would count and add up.
UPDATE "chain"."cursor" SET ("taken", "burned", "revealed", "chunks", "audits", "verdicts", "cases", "accepted") = (SELECT
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
		SELECT "pool_id" AS word, count(*) AS counted FROM "chain"."submissions" WHERE "status" IN ('accepted', 'mature') GROUP BY 1) AS words));