CREATE TABLE "feed_comments" (
	"id" text PRIMARY KEY NOT NULL,
	"item_id" text NOT NULL,
	"author_id" text NOT NULL,
	"text" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"hidden_at" timestamp with time zone,
	"deleted_at" timestamp with time zone,
	"deleted_by" text
);
--> statement-breakpoint
CREATE TABLE "feed_items" (
	"id" text PRIMARY KEY NOT NULL,
	"author_id" text NOT NULL,
	"actor" text NOT NULL,
	"kind" text NOT NULL,
	"text" text NOT NULL,
	"app" text,
	"app_title" text,
	"visibility" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"asked_at" timestamp with time zone,
	"hidden_at" timestamp with time zone,
	"deleted_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "feed_likes" (
	"item_id" text NOT NULL,
	"user_id" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "feed_likes_item_id_user_id_pk" PRIMARY KEY("item_id","user_id")
);
--> statement-breakpoint
CREATE TABLE "feed_mentions" (
	"source" text NOT NULL,
	"user_id" text NOT NULL,
	"item_id" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "feed_mentions_source_user_id_pk" PRIMARY KEY("source","user_id")
);
--> statement-breakpoint
CREATE TABLE "feed_reports" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "feed_reports_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"item_id" text,
	"comment_id" text,
	"reporter_id" text NOT NULL,
	"reason" text NOT NULL,
	"note" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"decided_at" timestamp with time zone,
	CONSTRAINT "feed_reports_subject" CHECK (num_nonnulls(item_id, comment_id) = 1)
);
--> statement-breakpoint
CREATE TABLE "feed_settings" (
	"user_id" text PRIMARY KEY NOT NULL,
	"milestones" text NOT NULL,
	"posts" text NOT NULL,
	"mentions_read_at" timestamp with time zone
);
--> statement-breakpoint
ALTER TABLE "feed_comments" ADD CONSTRAINT "feed_comments_item_id_feed_items_id_fk" FOREIGN KEY ("item_id") REFERENCES "public"."feed_items"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "feed_comments" ADD CONSTRAINT "feed_comments_author_id_users_id_fk" FOREIGN KEY ("author_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "feed_items" ADD CONSTRAINT "feed_items_author_id_users_id_fk" FOREIGN KEY ("author_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "feed_likes" ADD CONSTRAINT "feed_likes_item_id_feed_items_id_fk" FOREIGN KEY ("item_id") REFERENCES "public"."feed_items"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "feed_likes" ADD CONSTRAINT "feed_likes_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "feed_mentions" ADD CONSTRAINT "feed_mentions_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "feed_mentions" ADD CONSTRAINT "feed_mentions_item_id_feed_items_id_fk" FOREIGN KEY ("item_id") REFERENCES "public"."feed_items"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "feed_reports" ADD CONSTRAINT "feed_reports_item_id_feed_items_id_fk" FOREIGN KEY ("item_id") REFERENCES "public"."feed_items"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "feed_reports" ADD CONSTRAINT "feed_reports_comment_id_feed_comments_id_fk" FOREIGN KEY ("comment_id") REFERENCES "public"."feed_comments"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "feed_reports" ADD CONSTRAINT "feed_reports_reporter_id_users_id_fk" FOREIGN KEY ("reporter_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "feed_settings" ADD CONSTRAINT "feed_settings_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "feed_comments_item" ON "feed_comments" USING btree ("item_id","id");--> statement-breakpoint
CREATE INDEX "feed_comments_author" ON "feed_comments" USING btree ("author_id");--> statement-breakpoint
CREATE INDEX "feed_comments_hidden" ON "feed_comments" USING btree ("hidden_at") WHERE hidden_at is not null;--> statement-breakpoint
CREATE INDEX "feed_comments_deleted" ON "feed_comments" USING btree ("deleted_at") WHERE deleted_at is not null;--> statement-breakpoint
CREATE INDEX "feed_items_public" ON "feed_items" USING btree ("id") WHERE visibility = 'public' and asked_at is null and hidden_at is null and deleted_at is null;--> statement-breakpoint
CREATE INDEX "feed_items_author" ON "feed_items" USING btree ("author_id","id") WHERE deleted_at is null;--> statement-breakpoint
CREATE UNIQUE INDEX "feed_items_published" ON "feed_items" USING btree ("author_id","app") WHERE kind = 'app_published';--> statement-breakpoint
CREATE INDEX "feed_items_asked" ON "feed_items" USING btree ("author_id","id") WHERE asked_at is not null;--> statement-breakpoint
CREATE INDEX "feed_items_hidden" ON "feed_items" USING btree ("hidden_at") WHERE hidden_at is not null;--> statement-breakpoint
CREATE INDEX "feed_items_deleted" ON "feed_items" USING btree ("deleted_at") WHERE deleted_at is not null;--> statement-breakpoint
CREATE INDEX "feed_likes_user" ON "feed_likes" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "feed_mentions_user" ON "feed_mentions" USING btree ("user_id","item_id");--> statement-breakpoint
CREATE INDEX "feed_mentions_item" ON "feed_mentions" USING btree ("item_id");--> statement-breakpoint
CREATE UNIQUE INDEX "feed_reports_item" ON "feed_reports" USING btree ("item_id","reporter_id");--> statement-breakpoint
CREATE UNIQUE INDEX "feed_reports_comment" ON "feed_reports" USING btree ("comment_id","reporter_id");--> statement-breakpoint
CREATE INDEX "feed_reports_open" ON "feed_reports" USING btree ("at") WHERE decided_at is null;--> statement-breakpoint
CREATE INDEX "feed_reports_reporter" ON "feed_reports" USING btree ("reporter_id");