CREATE TABLE "home_exports" (
	"instance_id" text PRIMARY KEY NOT NULL,
	"export_id" text NOT NULL,
	"status" text NOT NULL,
	"done_bytes" bigint DEFAULT 0 NOT NULL,
	"total_bytes" bigint,
	"size_bytes" bigint,
	"message" text,
	"seen_at" timestamp with time zone NOT NULL,
	"kept_until" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "life_notices" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "life_notices_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"instance_id" text NOT NULL,
	"kind" text NOT NULL,
	"days" integer NOT NULL,
	"period" timestamp with time zone NOT NULL,
	"due_at" timestamp with time zone NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"next_attempt_at" timestamp with time zone
);
--> statement-breakpoint
ALTER TABLE "home_exports" ADD CONSTRAINT "home_exports_instance_id_instances_id_fk" FOREIGN KEY ("instance_id") REFERENCES "public"."instances"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "life_notices" ADD CONSTRAINT "life_notices_instance_id_instances_id_fk" FOREIGN KEY ("instance_id") REFERENCES "public"."instances"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "life_notices_once" ON "life_notices" USING btree ("instance_id","kind","days","period");--> statement-breakpoint
CREATE INDEX "life_notices_due" ON "life_notices" USING btree ("next_attempt_at") WHERE next_attempt_at is not null;