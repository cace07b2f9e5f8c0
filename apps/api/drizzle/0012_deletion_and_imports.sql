ALTER TABLE "home_imports" ADD COLUMN "who" jsonb;--> statement-breakpoint
ALTER TABLE "instances" ADD COLUMN "deletion_due_at" timestamp with time zone;