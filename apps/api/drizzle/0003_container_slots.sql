CREATE TABLE "container_slots" (
	"slot" integer PRIMARY KEY NOT NULL,
	"instance_id" text NOT NULL,
	"generation" integer NOT NULL
);
--> statement-breakpoint
ALTER TABLE "instances" DROP CONSTRAINT "instances_user_id_users_id_fk";
--> statement-breakpoint
DROP INDEX "instances_slot";--> statement-breakpoint
ALTER TABLE "instances" ALTER COLUMN "slot" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "instances" ADD COLUMN "done_steps" text[] DEFAULT '{}' NOT NULL;--> statement-breakpoint
ALTER TABLE "instances" ADD COLUMN "token_generation" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "container_slots" ADD CONSTRAINT "container_slots_instance_id_instances_id_fk" FOREIGN KEY ("instance_id") REFERENCES "public"."instances"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "container_slots_container" ON "container_slots" USING btree ("instance_id","generation");--> statement-breakpoint
-- Containers that are there keep the slots that they were made with.
INSERT INTO "container_slots" ("slot", "instance_id", "generation") SELECT "slot", "id", 1 FROM "instances";
