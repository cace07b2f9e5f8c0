CREATE TABLE "home_imports" (
	"instance_id" text PRIMARY KEY NOT NULL,
	"upload_id" text NOT NULL,
	"status" text NOT NULL,
	"done_bytes" bigint DEFAULT 0 NOT NULL,
	"total_bytes" bigint NOT NULL,
	"message" text,
	"manifest" jsonb,
	"seen_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "home_imports" ADD CONSTRAINT "home_imports_instance_id_instances_id_fk" FOREIGN KEY ("instance_id") REFERENCES "public"."instances"("id") ON DELETE cascade ON UPDATE no action;