CREATE TABLE "matrix_accounts" (
	"localpart" text PRIMARY KEY NOT NULL,
	"instance_id" text NOT NULL,
	"kind" text NOT NULL,
	"state" text NOT NULL,
	"display_name" text NOT NULL,
	"problem" text,
	"next_attempt_at" timestamp with time zone,
	"device" integer DEFAULT 1 NOT NULL,
	"key_version" integer,
	"iv" "bytea",
	"ciphertext" "bytea",
	"token_generation" integer,
	"renew_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "matrix_alarms" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "matrix_alarms_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"event_id" text NOT NULL,
	"room_id" text NOT NULL,
	"sender" text NOT NULL,
	"at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "matrix_calls" (
	"instance_id" text PRIMARY KEY NOT NULL,
	"seq" integer DEFAULT 1 NOT NULL,
	"for_person" boolean NOT NULL,
	"for_ai" boolean NOT NULL,
	"since" timestamp with time zone NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"next_attempt_at" timestamp with time zone NOT NULL,
	"lease_owner" text,
	"lease_until" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "matrix_events" (
	"event_id" text PRIMARY KEY NOT NULL,
	"received_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "matrix_logins" (
	"device_id" text PRIMARY KEY NOT NULL,
	"user_id" text NOT NULL,
	"name" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"key_version" integer NOT NULL,
	"iv" "bytea" NOT NULL,
	"ciphertext" "bytea" NOT NULL
);
--> statement-breakpoint
CREATE TABLE "matrix_members" (
	"room_id" text NOT NULL,
	"localpart" text NOT NULL,
	CONSTRAINT "matrix_members_room_id_localpart_pk" PRIMARY KEY("room_id","localpart")
);
--> statement-breakpoint
CREATE TABLE "matrix_rooms" (
	"room_id" text PRIMARY KEY NOT NULL,
	"is_encrypted" boolean NOT NULL
);
--> statement-breakpoint
ALTER TABLE "matrix_calls" ADD CONSTRAINT "matrix_calls_instance_id_instances_id_fk" FOREIGN KEY ("instance_id") REFERENCES "public"."instances"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "matrix_logins" ADD CONSTRAINT "matrix_logins_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "matrix_accounts_instance" ON "matrix_accounts" USING btree ("instance_id","kind") WHERE state in ('wanted', 'made');--> statement-breakpoint
CREATE INDEX "matrix_accounts_open" ON "matrix_accounts" USING btree ("state") WHERE state in ('wanted', 'leaving');--> statement-breakpoint
CREATE INDEX "matrix_alarms_at" ON "matrix_alarms" USING btree ("at");--> statement-breakpoint
CREATE INDEX "matrix_events_received" ON "matrix_events" USING btree ("received_at");--> statement-breakpoint
CREATE INDEX "matrix_logins_user" ON "matrix_logins" USING btree ("user_id");