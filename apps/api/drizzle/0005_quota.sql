CREATE TABLE "ai_calls" (
	"id" text PRIMARY KEY NOT NULL,
	"user_id" text NOT NULL,
	"instance_id" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"provider" text NOT NULL,
	"model" text NOT NULL,
	"payer" text NOT NULL,
	"status" text NOT NULL,
	"input_tokens" integer NOT NULL,
	"cache_write_5m_tokens" integer NOT NULL,
	"cache_write_1h_tokens" integer NOT NULL,
	"cache_read_tokens" integer NOT NULL,
	"output_tokens" integer NOT NULL,
	"web_searches" integer NOT NULL,
	"cost" bigint NOT NULL,
	"http_status" integer,
	"duration_ms" integer NOT NULL,
	"first_token_ms" integer,
	"provider_request_id" text
);
--> statement-breakpoint
CREATE TABLE "ai_tokens" (
	"hash" text PRIMARY KEY NOT NULL,
	"instance_id" text NOT NULL,
	"generation" integer NOT NULL,
	"created_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "alert_addresses" (
	"user_id" text PRIMARY KEY NOT NULL,
	"email" text NOT NULL,
	"confirmed_at" timestamp with time zone,
	"created_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "credit_accounts" (
	"user_id" text PRIMARY KEY NOT NULL,
	"credits" bigint,
	"calls_at_once" integer,
	"calls_per_minute" integer,
	"granted" bigint DEFAULT 0 NOT NULL,
	"spent" bigint DEFAULT 0 NOT NULL,
	"held" bigint DEFAULT 0 NOT NULL,
	"live" integer DEFAULT 0 NOT NULL,
	"period_starts_at" timestamp with time zone NOT NULL,
	"period_ends_at" timestamp with time zone,
	"minute_starts_at" timestamp with time zone NOT NULL,
	"minute_calls" integer DEFAULT 0 NOT NULL,
	"alert_round" integer DEFAULT 0 NOT NULL,
	"dismissed" text[] DEFAULT '{}' NOT NULL
);
--> statement-breakpoint
CREATE TABLE "credit_alerts" (
	"user_id" text NOT NULL,
	"round" integer NOT NULL,
	"threshold" integer NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"spent" bigint NOT NULL,
	"limit" bigint NOT NULL,
	"mailed_at" timestamp with time zone,
	"posted_at" timestamp with time zone,
	"attempts" integer DEFAULT 0 NOT NULL,
	"next_attempt_at" timestamp with time zone,
	CONSTRAINT "credit_alerts_user_id_round_threshold_pk" PRIMARY KEY("user_id","round","threshold")
);
--> statement-breakpoint
CREATE TABLE "credit_grants" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "credit_grants_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"user_id" text NOT NULL,
	"amount" bigint NOT NULL,
	"message" text,
	"granted_by" text NOT NULL,
	"at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "credit_holds" (
	"id" text PRIMARY KEY NOT NULL,
	"user_id" text NOT NULL,
	"instance_id" text NOT NULL,
	"provider" text NOT NULL,
	"model" text NOT NULL,
	"payer" text NOT NULL,
	"state" text NOT NULL,
	"amount" bigint NOT NULL,
	"cost_so_far" bigint DEFAULT 0 NOT NULL,
	"is_draining" boolean DEFAULT false NOT NULL,
	"proxy_id" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"heartbeat_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "credit_requests" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "credit_requests_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"user_id" text NOT NULL,
	"amount" bigint NOT NULL,
	"reason" text NOT NULL,
	"state" text DEFAULT 'open' NOT NULL,
	"granted" bigint,
	"answer" text,
	"answered_by" text,
	"created_at" timestamp with time zone NOT NULL,
	"answered_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "own_keys" (
	"user_id" text NOT NULL,
	"provider" text NOT NULL,
	"key_version" integer NOT NULL,
	"iv" "bytea" NOT NULL,
	"ciphertext" "bytea" NOT NULL,
	"ending" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"refused_at" timestamp with time zone,
	CONSTRAINT "own_keys_user_id_provider_pk" PRIMARY KEY("user_id","provider")
);
--> statement-breakpoint
CREATE TABLE "price_edits" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "price_edits_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"provider" text NOT NULL,
	"model" text NOT NULL,
	"effective_from" timestamp with time zone NOT NULL,
	"price" jsonb,
	"note" text,
	"edited_by" text NOT NULL,
	"at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "instances" ADD COLUMN "ai_token_generation" integer DEFAULT 1 NOT NULL;--> statement-breakpoint
ALTER TABLE "ai_tokens" ADD CONSTRAINT "ai_tokens_instance_id_instances_id_fk" FOREIGN KEY ("instance_id") REFERENCES "public"."instances"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "alert_addresses" ADD CONSTRAINT "alert_addresses_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "credit_requests" ADD CONSTRAINT "credit_requests_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "own_keys" ADD CONSTRAINT "own_keys_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "ai_calls_user" ON "ai_calls" USING btree ("user_id","at","id");--> statement-breakpoint
CREATE INDEX "ai_calls_at" ON "ai_calls" USING btree ("at","id");--> statement-breakpoint
CREATE UNIQUE INDEX "ai_tokens_instance" ON "ai_tokens" USING btree ("instance_id","generation");--> statement-breakpoint
CREATE INDEX "credit_alerts_due" ON "credit_alerts" USING btree ("next_attempt_at") WHERE next_attempt_at is not null;--> statement-breakpoint
CREATE INDEX "credit_grants_user" ON "credit_grants" USING btree ("user_id","at");--> statement-breakpoint
CREATE INDEX "credit_holds_user" ON "credit_holds" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "credit_holds_instance" ON "credit_holds" USING btree ("instance_id");--> statement-breakpoint
CREATE INDEX "credit_holds_proxy" ON "credit_holds" USING btree ("proxy_id");--> statement-breakpoint
CREATE INDEX "credit_holds_heartbeat" ON "credit_holds" USING btree ("heartbeat_at");--> statement-breakpoint
CREATE UNIQUE INDEX "credit_requests_open" ON "credit_requests" USING btree ("user_id") WHERE state = 'open';--> statement-breakpoint
CREATE INDEX "credit_requests_user" ON "credit_requests" USING btree ("user_id","id");--> statement-breakpoint
CREATE INDEX "credit_requests_state" ON "credit_requests" USING btree ("state","created_at");--> statement-breakpoint
CREATE INDEX "price_edits_model" ON "price_edits" USING btree ("provider","model","effective_from");