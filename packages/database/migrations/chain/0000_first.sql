CREATE SCHEMA "chain";
--> statement-breakpoint
CREATE TABLE "chain"."adapters" (
	"id" bigint PRIMARY KEY NOT NULL,
	"model_id" bigint NOT NULL,
	"dataset_id" bigint NOT NULL,
	"pool_id" bigint NOT NULL,
	"round" integer NOT NULL,
	"parent_id" bigint NOT NULL,
	"root" text NOT NULL,
	"cid" text NOT NULL,
	"held_out_loss" numeric(20, 0) NOT NULL,
	"submissions" integer NOT NULL,
	"status" text NOT NULL,
	"height" bigint NOT NULL,
	"mature_height" bigint
);
--> statement-breakpoint
CREATE TABLE "chain"."case_moves" (
	"case_id" bigint NOT NULL,
	"height" bigint NOT NULL,
	"index" integer NOT NULL,
	"type" text NOT NULL,
	"signer" text NOT NULL,
	"data" jsonb NOT NULL,
	"transaction" text NOT NULL,
	CONSTRAINT "case_moves_case_id_height_index_pk" PRIMARY KEY("case_id","height","index")
);
--> statement-breakpoint
CREATE TABLE "chain"."cases" (
	"id" bigint PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"submission_id" bigint,
	"pool_id" bigint,
	"round" integer,
	"step" integer,
	"defender" text NOT NULL,
	"challenger" text NOT NULL,
	"stage" text,
	"to_move" text,
	"blocks_left" integer,
	"found" jsonb NOT NULL,
	"outcome" text,
	"executed_hash" text,
	"open_height" bigint NOT NULL,
	"close_height" bigint,
	"open_transaction" text,
	"close_transaction" text
);
--> statement-breakpoint
CREATE TABLE "chain"."offences" (
	"height" bigint NOT NULL,
	"index" integer NOT NULL,
	"fault" text NOT NULL,
	"subject" bigint NOT NULL,
	"offender" text NOT NULL,
	"taken" numeric(20, 0) NOT NULL,
	"burned" numeric(20, 0) NOT NULL,
	"awarded" numeric(20, 0) NOT NULL,
	"insured" numeric(20, 0) NOT NULL,
	"case_id" bigint,
	"transaction" text,
	CONSTRAINT "offences_height_index_pk" PRIMARY KEY("height","index")
);
--> statement-breakpoint
CREATE TABLE "chain"."accounts" (
	"address" text PRIMARY KEY NOT NULL,
	"first_height" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "chain"."blocks" (
	"height" bigint PRIMARY KEY NOT NULL,
	"hash" text NOT NULL,
	"time_ms" bigint NOT NULL,
	"proposer" text NOT NULL,
	"transactions" integer NOT NULL,
	"events" integer NOT NULL,
	"gas_used" bigint NOT NULL,
	CONSTRAINT "blocks_hash_unique" UNIQUE("hash")
);
--> statement-breakpoint
CREATE TABLE "chain"."cursor" (
	"id" integer PRIMARY KEY NOT NULL,
	"chain_id" text NOT NULL,
	"height" bigint NOT NULL,
	"hash" text NOT NULL,
	"time_ms" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "chain"."events" (
	"height" bigint NOT NULL,
	"index" integer NOT NULL,
	"time_ms" bigint NOT NULL,
	"kind" text NOT NULL,
	"type" text NOT NULL,
	"transaction" text,
	"data" jsonb NOT NULL,
	"pool_id" bigint,
	"round" integer,
	"submission_id" bigint,
	"adapter_id" bigint,
	"case_id" bigint,
	"accounts" text[] NOT NULL,
	CONSTRAINT "events_height_index_pk" PRIMARY KEY("height","index")
);
--> statement-breakpoint
CREATE TABLE "chain"."transaction_accounts" (
	"address" text NOT NULL,
	"height" bigint NOT NULL,
	"index" integer NOT NULL,
	"hash" text NOT NULL,
	CONSTRAINT "transaction_accounts_address_height_index_pk" PRIMARY KEY("address","height","index")
);
--> statement-breakpoint
CREATE TABLE "chain"."transactions" (
	"hash" text PRIMARY KEY NOT NULL,
	"height" bigint NOT NULL,
	"index" integer NOT NULL,
	"code" integer NOT NULL,
	"codespace" text NOT NULL,
	"log" text NOT NULL,
	"gas_wanted" bigint NOT NULL,
	"gas_used" bigint NOT NULL,
	"fee" numeric(20, 0) NOT NULL,
	"payer" text NOT NULL,
	"memo" text NOT NULL,
	"message_types" text[] NOT NULL,
	"messages" jsonb NOT NULL,
	"bytes" "bytea" NOT NULL
);
--> statement-breakpoint
CREATE TABLE "chain"."bonds" (
	"owner" text NOT NULL,
	"role" text NOT NULL,
	"amount" numeric(20, 0) NOT NULL,
	"locked" numeric(20, 0) NOT NULL,
	"height" bigint NOT NULL,
	CONSTRAINT "bonds_owner_role_pk" PRIMARY KEY("owner","role")
);
--> statement-breakpoint
CREATE TABLE "chain"."participants" (
	"owner" text PRIMARY KEY NOT NULL,
	"operator" text NOT NULL,
	"height" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "chain"."unbondings" (
	"id" bigint PRIMARY KEY NOT NULL,
	"owner" text NOT NULL,
	"role" text NOT NULL,
	"amount" numeric(20, 0) NOT NULL,
	"height" bigint NOT NULL,
	"release_height" bigint NOT NULL,
	"paid_height" bigint,
	"paid" numeric(20, 0)
);
--> statement-breakpoint
CREATE TABLE "chain"."attestations" (
	"pool_id" bigint NOT NULL,
	"round" integer NOT NULL,
	"verifier" text NOT NULL,
	"root" text NOT NULL,
	"cid" text,
	"held_out_loss" numeric(20, 0) NOT NULL,
	"bond" numeric(20, 0) NOT NULL,
	"height" bigint NOT NULL,
	"transaction" text,
	CONSTRAINT "attestations_pool_id_round_verifier_pk" PRIMARY KEY("pool_id","round","verifier")
);
--> statement-breakpoint
CREATE TABLE "chain"."chunks" (
	"pool_id" bigint NOT NULL,
	"round" integer NOT NULL,
	"chunk" bigint NOT NULL,
	"status" text NOT NULL,
	"lease_id" bigint NOT NULL,
	"miner" text NOT NULL,
	"leases" integer NOT NULL,
	"height" bigint NOT NULL,
	CONSTRAINT "chunks_pool_id_round_chunk_pk" PRIMARY KEY("pool_id","round","chunk")
);
--> statement-breakpoint
CREATE TABLE "chain"."leases" (
	"id" bigint PRIMARY KEY NOT NULL,
	"pool_id" bigint NOT NULL,
	"round" integer NOT NULL,
	"chunk" bigint NOT NULL,
	"miner" text NOT NULL,
	"status" text NOT NULL,
	"height" bigint NOT NULL,
	"end_height" bigint NOT NULL,
	"close_height" bigint
);
--> statement-breakpoint
CREATE TABLE "chain"."pools" (
	"id" bigint PRIMARY KEY NOT NULL,
	"sponsor" text NOT NULL,
	"model_id" bigint NOT NULL,
	"dataset_id" bigint NOT NULL,
	"program" integer NOT NULL,
	"parent_adapter_id" bigint NOT NULL,
	"local_steps" integer NOT NULL,
	"learning_rates" integer[] NOT NULL,
	"density" integer NOT NULL,
	"outer_momentum" integer NOT NULL,
	"outer_learning_rate" integer NOT NULL,
	"chunks_per_round" integer NOT NULL,
	"rounds" integer NOT NULL,
	"training_blocks" integer NOT NULL,
	"lease_blocks" integer NOT NULL,
	"submissions_min" integer NOT NULL,
	"budget" numeric(20, 0) NOT NULL,
	"returned" numeric(20, 0) NOT NULL,
	"emission_weight_ppm" integer NOT NULL,
	"status" text NOT NULL,
	"round" integer NOT NULL,
	"adapter_id" bigint NOT NULL,
	"height" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "chain"."rounds" (
	"pool_id" bigint NOT NULL,
	"number" integer NOT NULL,
	"phase" text NOT NULL,
	"adapter_id" bigint NOT NULL,
	"open_height" bigint NOT NULL,
	"end_height" bigint NOT NULL,
	"training_height" bigint,
	"reveal_height" bigint,
	"audit_height" bigint,
	"aggregation_height" bigint,
	"close_height" bigint,
	"leases" integer NOT NULL,
	"expired" integer NOT NULL,
	"committed" integer NOT NULL,
	"revealed" integer NOT NULL,
	"accepted" integer NOT NULL,
	"result_adapter_id" bigint,
	CONSTRAINT "rounds_pool_id_number_pk" PRIMARY KEY("pool_id","number")
);
--> statement-breakpoint
CREATE TABLE "chain"."datasets" (
	"id" bigint PRIMARY KEY NOT NULL,
	"provider" text NOT NULL,
	"royalty_address" text NOT NULL,
	"name" text NOT NULL,
	"manifest_cid" text NOT NULL,
	"root" text NOT NULL,
	"tokens" numeric(20, 0) NOT NULL,
	"tokenizer_hash" text NOT NULL,
	"licence" text NOT NULL,
	"status" text NOT NULL,
	"height" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "chain"."models" (
	"id" bigint PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"status" text NOT NULL,
	"architecture" text NOT NULL,
	"manifest_cid" text NOT NULL,
	"backbone_root" text NOT NULL,
	"tokenizer_hash" text NOT NULL,
	"initial_adapter_root" text NOT NULL,
	"initial_adapter_cid" text NOT NULL,
	"programs" jsonb NOT NULL,
	"referee_id" text NOT NULL,
	"targets" text NOT NULL,
	"licence" text NOT NULL,
	"height" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "chain"."referees" (
	"id" text PRIMARY KEY NOT NULL,
	"size" integer NOT NULL,
	"height" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "chain"."credits" (
	"height" bigint NOT NULL,
	"index" integer NOT NULL,
	"owner" text NOT NULL,
	"role" text NOT NULL,
	"submission_id" bigint NOT NULL,
	"amount" numeric(20, 0) NOT NULL,
	CONSTRAINT "credits_height_index_pk" PRIMARY KEY("height","index")
);
--> statement-breakpoint
CREATE TABLE "chain"."earnings" (
	"owner" text NOT NULL,
	"role" text NOT NULL,
	"credited" numeric(20, 0) NOT NULL,
	"credits" integer NOT NULL,
	CONSTRAINT "earnings_owner_role_pk" PRIMARY KEY("owner","role")
);
--> statement-breakpoint
CREATE TABLE "chain"."epochs" (
	"epoch" bigint PRIMARY KEY NOT NULL,
	"start_height" bigint NOT NULL,
	"reveal_end_height" bigint NOT NULL,
	"value" text,
	"reveals" integer,
	"missed" integer,
	"weak" boolean,
	"final_height" bigint
);
--> statement-breakpoint
CREATE TABLE "chain"."reward_epochs" (
	"epoch" bigint PRIMARY KEY NOT NULL,
	"work" numeric(20, 0) NOT NULL,
	"minted" numeric(20, 0) NOT NULL,
	"height" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "chain"."withdrawals" (
	"height" bigint NOT NULL,
	"index" integer NOT NULL,
	"owner" text NOT NULL,
	"amount" numeric(20, 0) NOT NULL,
	"transaction" text,
	CONSTRAINT "withdrawals_height_index_pk" PRIMARY KEY("height","index")
);
--> statement-breakpoint
CREATE TABLE "chain"."audits" (
	"submission_id" bigint NOT NULL,
	"draw" integer NOT NULL,
	"pool_id" bigint NOT NULL,
	"round" integer NOT NULL,
	"miner" text NOT NULL,
	"step" integer NOT NULL,
	"full_replay" boolean NOT NULL,
	"phase" text NOT NULL,
	"end_height" bigint NOT NULL,
	"draw_height" bigint NOT NULL,
	"open_height" bigint,
	"settle_height" bigint,
	"root_before" text,
	"root_after" text,
	"root_final" text,
	"state_before_cid" text,
	"state_final_cid" text,
	"open_transaction" text,
	CONSTRAINT "audits_submission_id_draw_pk" PRIMARY KEY("submission_id","draw")
);
--> statement-breakpoint
CREATE TABLE "chain"."seats" (
	"submission_id" bigint NOT NULL,
	"draw" integer NOT NULL,
	"place" integer NOT NULL,
	"verifier" text NOT NULL,
	"commitment" text,
	"verdict" text,
	"root" text,
	"digest" text,
	"commit_height" bigint,
	"reveal_height" bigint,
	"commit_transaction" text,
	"reveal_transaction" text,
	CONSTRAINT "seats_submission_id_draw_verifier_pk" PRIMARY KEY("submission_id","draw","verifier")
);
--> statement-breakpoint
CREATE TABLE "chain"."submissions" (
	"id" bigint PRIMARY KEY NOT NULL,
	"pool_id" bigint NOT NULL,
	"round" integer NOT NULL,
	"chunk" bigint NOT NULL,
	"miner" text NOT NULL,
	"status" text NOT NULL,
	"commitment" text NOT NULL,
	"steps_root" text,
	"update_root" text,
	"update_cid" text,
	"loss_sum" numeric(20, 0),
	"late" boolean,
	"draws" integer NOT NULL,
	"paid" numeric(20, 0) NOT NULL,
	"adapter_id" bigint,
	"commit_height" bigint NOT NULL,
	"reveal_height" bigint,
	"settle_height" bigint,
	"mature_height" bigint,
	"commit_transaction" text,
	"reveal_transaction" text
);
--> statement-breakpoint
CREATE INDEX "adapters_pool" ON "chain"."adapters" USING btree ("pool_id","id");--> statement-breakpoint
CREATE INDEX "adapters_root" ON "chain"."adapters" USING btree ("root");--> statement-breakpoint
CREATE INDEX "adapters_cid" ON "chain"."adapters" USING btree ("cid");--> statement-breakpoint
CREATE INDEX "cases_submission" ON "chain"."cases" USING btree ("submission_id");--> statement-breakpoint
CREATE INDEX "cases_outcome" ON "chain"."cases" USING btree ("outcome");--> statement-breakpoint
CREATE INDEX "cases_defender" ON "chain"."cases" USING btree ("defender");--> statement-breakpoint
CREATE INDEX "cases_challenger" ON "chain"."cases" USING btree ("challenger");--> statement-breakpoint
CREATE INDEX "offences_offender" ON "chain"."offences" USING btree ("offender","height","index");--> statement-breakpoint
CREATE INDEX "events_kind" ON "chain"."events" USING btree ("kind","height","index");--> statement-breakpoint
CREATE INDEX "events_round" ON "chain"."events" USING btree ("pool_id","round","height","index");--> statement-breakpoint
CREATE INDEX "events_submission" ON "chain"."events" USING btree ("submission_id","height","index");--> statement-breakpoint
CREATE INDEX "events_adapter" ON "chain"."events" USING btree ("adapter_id","height","index");--> statement-breakpoint
CREATE INDEX "events_case" ON "chain"."events" USING btree ("case_id","height","index");--> statement-breakpoint
CREATE INDEX "events_accounts" ON "chain"."events" USING gin ("accounts");--> statement-breakpoint
CREATE INDEX "transactions_place" ON "chain"."transactions" USING btree ("height","index");--> statement-breakpoint
CREATE INDEX "participants_operator" ON "chain"."participants" USING btree ("operator");--> statement-breakpoint
CREATE INDEX "unbondings_owner" ON "chain"."unbondings" USING btree ("owner","id");--> statement-breakpoint
CREATE INDEX "chunks_status" ON "chain"."chunks" USING btree ("status");--> statement-breakpoint
CREATE INDEX "leases_chunk" ON "chain"."leases" USING btree ("pool_id","round","chunk","id");--> statement-breakpoint
CREATE INDEX "leases_miner" ON "chain"."leases" USING btree ("miner","id");--> statement-breakpoint
CREATE INDEX "pools_dataset" ON "chain"."pools" USING btree ("dataset_id");--> statement-breakpoint
CREATE INDEX "pools_model" ON "chain"."pools" USING btree ("model_id");--> statement-breakpoint
CREATE INDEX "rounds_open" ON "chain"."rounds" USING btree ("open_height");--> statement-breakpoint
CREATE INDEX "datasets_provider" ON "chain"."datasets" USING btree ("provider");--> statement-breakpoint
CREATE INDEX "credits_owner" ON "chain"."credits" USING btree ("owner","height","index");--> statement-breakpoint
CREATE INDEX "credits_submission" ON "chain"."credits" USING btree ("submission_id");--> statement-breakpoint
CREATE INDEX "withdrawals_owner" ON "chain"."withdrawals" USING btree ("owner","height","index");--> statement-breakpoint
CREATE INDEX "audits_draw_height" ON "chain"."audits" USING btree ("draw_height","submission_id","draw");--> statement-breakpoint
CREATE INDEX "audits_phase" ON "chain"."audits" USING btree ("phase");--> statement-breakpoint
CREATE INDEX "seats_verifier" ON "chain"."seats" USING btree ("verifier","submission_id","draw");--> statement-breakpoint
CREATE INDEX "submissions_round" ON "chain"."submissions" USING btree ("pool_id","round","id");--> statement-breakpoint
CREATE INDEX "submissions_miner" ON "chain"."submissions" USING btree ("miner","id");--> statement-breakpoint
CREATE INDEX "submissions_status" ON "chain"."submissions" USING btree ("status");--> statement-breakpoint
CREATE INDEX "submissions_adapter" ON "chain"."submissions" USING btree ("adapter_id");