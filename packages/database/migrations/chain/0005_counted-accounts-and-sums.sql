ALTER TABLE "chain"."cursor" ADD COLUMN "accounts" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "chain"."cursor" ADD COLUMN "minted" numeric(20, 0) DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "chain"."cursor" ADD COLUMN "credited" numeric(20, 0) DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "chain"."cursor" ADD COLUMN "withdrawn" numeric(20, 0) DEFAULT 0 NOT NULL;--> statement-breakpoint
-- What indexing these blocks again would count and add up.
UPDATE "chain"."cursor" SET ("accounts", "minted", "credited", "withdrawn") = (SELECT
	(SELECT count(*) FROM "chain"."accounts"),
	(SELECT coalesce(sum("minted"), 0) FROM "chain"."reward_epochs"),
	(SELECT coalesce(sum("amount"), 0) FROM "chain"."credits"),
	(SELECT coalesce(sum("amount"), 0) FROM "chain"."withdrawals"));