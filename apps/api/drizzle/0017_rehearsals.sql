CREATE TABLE "rehearsals" (
	"id" text PRIMARY KEY NOT NULL,
	"begun_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "rollouts" ADD COLUMN "runs_closed" boolean DEFAULT false NOT NULL;