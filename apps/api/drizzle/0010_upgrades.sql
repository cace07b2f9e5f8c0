CREATE TABLE "rollout_instances" (
	"rollout_id" bigint NOT NULL,
	"instance_id" text NOT NULL,
	"from_image" text NOT NULL,
	"to_image" text NOT NULL,
	"step" text NOT NULL,
	"message" text,
	"changed_at" timestamp with time zone NOT NULL,
	CONSTRAINT "rollout_instances_rollout_id_instance_id_pk" PRIMARY KEY("rollout_id","instance_id")
);
--> statement-breakpoint
CREATE TABLE "rollouts" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "rollouts_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"kind" text NOT NULL,
	"image" text NOT NULL,
	"image_before" text NOT NULL,
	"image_set" text NOT NULL,
	"state" text NOT NULL,
	"reason" text,
	"trial_id" text NOT NULL,
	"trial" text NOT NULL,
	"trial_ms" integer,
	"at_once" integer NOT NULL,
	"most_failures" integer NOT NULL,
	"patience_s" integer NOT NULL,
	"started_by" text NOT NULL,
	"started_at" timestamp with time zone NOT NULL,
	"ended_at" timestamp with time zone,
	"lease_owner" text,
	"lease_until" timestamp with time zone
);
--> statement-breakpoint
ALTER TABLE "instances" ADD COLUMN "former_image" text;--> statement-breakpoint
ALTER TABLE "instances" ADD COLUMN "former_generation" integer;--> statement-breakpoint
ALTER TABLE "instances" ADD COLUMN "start_limit_ms" integer;--> statement-breakpoint
ALTER TABLE "rollout_instances" ADD CONSTRAINT "rollout_instances_rollout_id_rollouts_id_fk" FOREIGN KEY ("rollout_id") REFERENCES "public"."rollouts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "rollout_instances" ADD CONSTRAINT "rollout_instances_instance_id_instances_id_fk" FOREIGN KEY ("instance_id") REFERENCES "public"."instances"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "rollout_instances_step" ON "rollout_instances" USING btree ("rollout_id","step");--> statement-breakpoint
CREATE INDEX "rollout_instances_instance" ON "rollout_instances" USING btree ("instance_id");