ALTER TABLE "errands" ADD COLUMN "hour_began_at" timestamp with time zone DEFAULT now() NOT NULL;--> statement-breakpoint
ALTER TABLE "errands" ADD COLUMN "used_s" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "errands" ADD COLUMN "counted_at" timestamp with time zone DEFAULT now() NOT NULL;