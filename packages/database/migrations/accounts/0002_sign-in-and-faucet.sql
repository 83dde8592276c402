CREATE TABLE "accounts"."challenges" (
	"nonce" text PRIMARY KEY NOT NULL,
	"address" text NOT NULL,
	"issued_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "accounts"."gifts" (
	"id" text PRIMARY KEY NOT NULL,
	"address" text NOT NULL,
	"chain_id" text NOT NULL,
	"client" text NOT NULL,
	"uremes" numeric(78, 0) NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"transaction" text,
	"timeout" numeric(20, 0),
	"signed_at" numeric(20, 0),
	"height" numeric(20, 0),
	CONSTRAINT "gifts_uremes" CHECK ("accounts"."gifts"."uremes" > 0)
);
--> statement-breakpoint
ALTER TABLE "accounts"."keys" ADD COLUMN "kind" text DEFAULT 'key' NOT NULL;--> statement-breakpoint
ALTER TABLE "accounts"."keys" ADD COLUMN "previous_hash" text;--> statement-breakpoint
ALTER TABLE "accounts"."keys" ADD COLUMN "previous_ends_at" timestamp with time zone;--> statement-breakpoint
CREATE INDEX "challenges_time" ON "accounts"."challenges" USING btree ("issued_at");--> statement-breakpoint
CREATE INDEX "gifts_address" ON "accounts"."gifts" USING btree ("address","created_at");--> statement-breakpoint
CREATE INDEX "gifts_client" ON "accounts"."gifts" USING btree ("client","created_at");--> statement-breakpoint
CREATE INDEX "gifts_time" ON "accounts"."gifts" USING btree ("created_at");--> statement-breakpoint
ALTER TABLE "accounts"."keys" ADD CONSTRAINT "keys_previous_hash_unique" UNIQUE("previous_hash");