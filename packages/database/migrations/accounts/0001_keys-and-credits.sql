CREATE TABLE "accounts"."accounts" (
	"id" text PRIMARY KEY NOT NULL,
	"address" text,
	"credits" bigint DEFAULT 0 NOT NULL,
	"reserved" bigint DEFAULT 0 NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	CONSTRAINT "accounts_address_unique" UNIQUE("address"),
	CONSTRAINT "accounts_reserved" CHECK ("accounts"."accounts"."reserved" >= 0),
	CONSTRAINT "accounts_credits" CHECK ("accounts"."accounts"."credits" >= "accounts"."accounts"."reserved")
);
--> statement-breakpoint
CREATE TABLE "accounts"."entries" (
	"id" text PRIMARY KEY NOT NULL,
	"account_id" text NOT NULL,
	"key_id" text,
	"kind" text NOT NULL,
	"credits" bigint NOT NULL,
	"created_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "accounts"."keys" (
	"id" text PRIMARY KEY NOT NULL,
	"account_id" text NOT NULL,
	"hash" text NOT NULL,
	"prefix" text NOT NULL,
	"label" text NOT NULL,
	"scopes" text[] NOT NULL,
	"cap" bigint,
	"spent" bigint DEFAULT 0 NOT NULL,
	"reserved" bigint DEFAULT 0 NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone,
	"revoked_at" timestamp with time zone,
	"last_used_at" timestamp with time zone,
	CONSTRAINT "keys_hash_unique" UNIQUE("hash"),
	CONSTRAINT "keys_reserved" CHECK ("accounts"."keys"."reserved" >= 0),
	CONSTRAINT "keys_cap" CHECK ("accounts"."keys"."cap" IS NULL OR "accounts"."keys"."cap" >= "accounts"."keys"."spent" + "accounts"."keys"."reserved")
);
--> statement-breakpoint
CREATE TABLE "accounts"."reservations" (
	"id" text PRIMARY KEY NOT NULL,
	"account_id" text NOT NULL,
	"key_id" text NOT NULL,
	"credits" bigint NOT NULL,
	"expires_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "accounts"."keys" ADD CONSTRAINT "keys_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "accounts"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "entries_account" ON "accounts"."entries" USING btree ("account_id","created_at");--> statement-breakpoint
CREATE INDEX "keys_account" ON "accounts"."keys" USING btree ("account_id");--> statement-breakpoint
CREATE INDEX "reservations_expiry" ON "accounts"."reservations" USING btree ("expires_at");