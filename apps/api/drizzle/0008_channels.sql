CREATE TABLE "channel_messages" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "channel_messages_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"channel_id" text NOT NULL,
	"event_id" text NOT NULL,
	"conversation" text NOT NULL,
	"key_version" integer,
	"iv" "bytea",
	"ciphertext" "bytea",
	"received_at" timestamp with time zone NOT NULL,
	"done_at" timestamp with time zone,
	"attempts" integer DEFAULT 0 NOT NULL,
	"next_attempt_at" timestamp with time zone NOT NULL,
	"lease_owner" text,
	"lease_until" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "channels" (
	"id" text PRIMARY KEY NOT NULL,
	"instance_id" text NOT NULL,
	"kind" text NOT NULL,
	"key_version" integer NOT NULL,
	"iv" "bytea" NOT NULL,
	"ciphertext" "bytea" NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"last_received_at" timestamp with time zone,
	"last_delivered_at" timestamp with time zone,
	"note" text,
	"note_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "errands" (
	"instance_id" text PRIMARY KEY NOT NULL,
	"is_open" boolean NOT NULL,
	"began_at" timestamp with time zone NOT NULL,
	"until" timestamp with time zone NOT NULL,
	"wakes" integer DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "schedules" (
	"instance_id" text NOT NULL,
	"id" text NOT NULL,
	"timing" jsonb NOT NULL,
	"next_run_at" timestamp with time zone,
	"last_run_at" timestamp with time zone,
	"problem" text,
	"attempts" integer DEFAULT 0 NOT NULL,
	"next_attempt_at" timestamp with time zone,
	"lease_owner" text,
	"lease_until" timestamp with time zone,
	CONSTRAINT "schedules_instance_id_id_pk" PRIMARY KEY("instance_id","id")
);
--> statement-breakpoint
ALTER TABLE "channel_messages" ADD CONSTRAINT "channel_messages_channel_id_channels_id_fk" FOREIGN KEY ("channel_id") REFERENCES "public"."channels"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "channels" ADD CONSTRAINT "channels_instance_id_instances_id_fk" FOREIGN KEY ("instance_id") REFERENCES "public"."instances"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "errands" ADD CONSTRAINT "errands_instance_id_instances_id_fk" FOREIGN KEY ("instance_id") REFERENCES "public"."instances"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "schedules" ADD CONSTRAINT "schedules_instance_id_instances_id_fk" FOREIGN KEY ("instance_id") REFERENCES "public"."instances"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "channel_messages_event" ON "channel_messages" USING btree ("channel_id","event_id");--> statement-breakpoint
CREATE INDEX "channel_messages_open" ON "channel_messages" USING btree ("channel_id","conversation","id") WHERE done_at is null;--> statement-breakpoint
CREATE INDEX "channel_messages_done" ON "channel_messages" USING btree ("done_at") WHERE done_at is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "channels_instance_kind" ON "channels" USING btree ("instance_id","kind");--> statement-breakpoint
CREATE INDEX "schedules_next" ON "schedules" USING btree ("next_run_at");