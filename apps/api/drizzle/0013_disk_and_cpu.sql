ALTER TABLE "instances" ADD COLUMN "disk_level" text;--> statement-breakpoint
ALTER TABLE "instances" ADD COLUMN "throttled_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "instances" ADD COLUMN "throttle_ended_at" timestamp with time zone;