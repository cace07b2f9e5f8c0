CREATE TABLE "publication_events" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "publication_events_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"instance_id" text NOT NULL,
	"app" text NOT NULL,
	"kind" text NOT NULL,
	"title" text NOT NULL,
	"at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "publication_pictures" (
	"instance_id" text NOT NULL,
	"app" text NOT NULL,
	"type" text NOT NULL,
	"bytes" "bytea" NOT NULL,
	CONSTRAINT "publication_pictures_instance_id_app_pk" PRIMARY KEY("instance_id","app")
);
--> statement-breakpoint
CREATE TABLE "publications" (
	"instance_id" text NOT NULL,
	"app" text NOT NULL,
	"mode" text NOT NULL,
	"title" text NOT NULL,
	"description" text NOT NULL,
	"visitor_credit" bigint DEFAULT 0 NOT NULL,
	"picture_version" text,
	"published_at" timestamp with time zone,
	"updated_at" timestamp with time zone NOT NULL,
	CONSTRAINT "publications_instance_id_app_pk" PRIMARY KEY("instance_id","app")
);
--> statement-breakpoint
ALTER TABLE "publication_events" ADD CONSTRAINT "publication_events_instance_id_instances_id_fk" FOREIGN KEY ("instance_id") REFERENCES "public"."instances"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "publication_pictures" ADD CONSTRAINT "publication_pictures_publication" FOREIGN KEY ("instance_id","app") REFERENCES "public"."publications"("instance_id","app") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "publications" ADD CONSTRAINT "publications_instance_id_instances_id_fk" FOREIGN KEY ("instance_id") REFERENCES "public"."instances"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "publication_events_instance" ON "publication_events" USING btree ("instance_id","id");