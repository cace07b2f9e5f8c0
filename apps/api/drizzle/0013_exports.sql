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
ALTER TABLE "home_exports" ADD CONSTRAINT "home_exports_instance_id_instances_id_fk" FOREIGN KEY ("instance_id") REFERENCES "public"."instances"("id") ON DELETE cascade ON UPDATE no action;