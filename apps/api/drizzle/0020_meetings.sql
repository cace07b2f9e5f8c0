CREATE TABLE "matrix_meetings" (
	"one" text NOT NULL,
	"other" text NOT NULL,
	"one_wrote_at" timestamp with time zone,
	"other_wrote_at" timestamp with time zone,
	CONSTRAINT "matrix_meetings_one_other_pk" PRIMARY KEY("one","other")
);
--> statement-breakpoint
ALTER TABLE "feed_items" ADD COLUMN "met_user" text;--> statement-breakpoint
ALTER TABLE "matrix_meetings" ADD CONSTRAINT "matrix_meetings_one_instances_id_fk" FOREIGN KEY ("one") REFERENCES "public"."instances"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "matrix_meetings" ADD CONSTRAINT "matrix_meetings_other_instances_id_fk" FOREIGN KEY ("other") REFERENCES "public"."instances"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "matrix_meetings_other" ON "matrix_meetings" USING btree ("other");--> statement-breakpoint
ALTER TABLE "feed_items" ADD CONSTRAINT "feed_items_met_user_users_id_fk" FOREIGN KEY ("met_user") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "feed_items_met" ON "feed_items" USING btree ("met_user") WHERE met_user is not null;