ALTER TABLE "instances" DROP CONSTRAINT "instances_user_id_users_id_fk";
--> statement-breakpoint
ALTER TABLE "instances" ADD COLUMN "done_steps" text[] DEFAULT '{}' NOT NULL;--> statement-breakpoint
ALTER TABLE "instances" ADD COLUMN "token_generation" integer DEFAULT 0 NOT NULL;