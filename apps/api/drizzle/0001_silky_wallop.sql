CREATE TABLE "attempts" (
	"key" text PRIMARY KEY NOT NULL,
	"points" integer NOT NULL,
	"expire" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "processes" (
	"id" text PRIMARY KEY NOT NULL,
	"seen_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "instances" ADD COLUMN "has_run" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "instances" ADD COLUMN "closing_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "instances" ADD COLUMN "closing_idle_ms" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "instances" ADD COLUMN "closing_seen" text[] DEFAULT '{}' NOT NULL;--> statement-breakpoint
CREATE INDEX "attempts_expiry" ON "attempts" USING btree ("expire");--> statement-breakpoint
CREATE INDEX "audit_log_refused" ON "audit_log" USING btree ("at") WHERE action = 'login_refused';--> statement-breakpoint
CREATE INDEX "instances_closing" ON "instances" USING btree ("closing_at") WHERE closing_at is not null;--> statement-breakpoint
CREATE INDEX "sessions_expiry" ON "sessions" USING btree ("expires_at");