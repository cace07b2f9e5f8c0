ALTER TABLE "instances" ALTER COLUMN "closing_idle_ms" SET DATA TYPE bigint;--> statement-breakpoint
ALTER TABLE "instances" ADD COLUMN "plan" text DEFAULT 'standard' NOT NULL;--> statement-breakpoint
ALTER TABLE "instances" ADD COLUMN "tier_ends_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "instances" ADD COLUMN "closing_tier" text DEFAULT 'asleep' NOT NULL;