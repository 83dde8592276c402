DROP INDEX "accounts"."reservations_expiry";--> statement-breakpoint
ALTER TABLE "accounts"."reservations" ADD COLUMN "renewals" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "accounts"."reservations" DROP COLUMN "expires_at";