CREATE TABLE "wall_failures" (
	"walls" text PRIMARY KEY NOT NULL,
	"failure" text NOT NULL
);
