ALTER TABLE "chain"."adapters" ADD COLUMN "momentum_root" text;--> statement-breakpoint
ALTER TABLE "chain"."attestations" ADD COLUMN "momentum_root" text;--> statement-breakpoint
CREATE INDEX "cases_round" ON "chain"."cases" USING btree ("pool_id","round","id");