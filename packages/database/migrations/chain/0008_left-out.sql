ALTER TABLE "chain"."cursor" DROP CONSTRAINT "cursor_version";--> statement-breakpoint
ALTER TABLE "chain"."submissions" ADD COLUMN "left_out" boolean DEFAULT false NOT NULL;--> statement-breakpoint
-- Versions have always told it; that a round which was carried over left something out was told by no event before.
UPDATE "chain"."submissions" SET "left_out" = true FROM "chain"."events"
	WHERE "events"."type" = 'AdapterAdopted' AND "events"."pool_id" = "submissions"."pool_id" AND "events"."round" = "submissions"."round"
	AND "events"."data"->'leftOut' ? "submissions"."id"::text;--> statement-breakpoint
UPDATE "chain"."cursor" SET "version" = 8;--> statement-breakpoint
ALTER TABLE "chain"."cursor" ADD CONSTRAINT "cursor_version" CHECK ("chain"."cursor"."version" = 8);
