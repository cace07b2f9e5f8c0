-- Containers that are there keep the slots that they were made with.
INSERT INTO "container_slots" ("slot", "instance_id", "generation") SELECT "slot", "id", 1 FROM "instances";
