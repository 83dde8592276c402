ALTER TABLE "chain"."cursor" ADD COLUMN "blocks" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "chain"."cursor" ADD COLUMN "transactions" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
-- What indexing these blocks again would count.
UPDATE "chain"."cursor" SET ("blocks", "transactions") = (SELECT count(*), coalesce(sum("transactions"), 0) FROM "chain"."blocks");