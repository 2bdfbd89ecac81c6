ALTER TABLE "prompt" ADD COLUMN "requirements" TEXT NOT NULL DEFAULT '[]';
ALTER TABLE "prompt" ADD COLUMN "approvals" TEXT NOT NULL DEFAULT '[]';
ALTER TABLE "prompt" ADD COLUMN "escalate_at" INTEGER;
ALTER TABLE "prompt" ADD COLUMN "escalate_to" TEXT NOT NULL DEFAULT '[]';

-- Somebody answers for somebody else, until a time.
CREATE TABLE "delegation" (
    "id" INTEGER PRIMARY KEY,
    "tenant_id" INTEGER NOT NULL,
    "version" INTEGER NOT NULL,
    "created_at" INTEGER NOT NULL,
    "updated_at" INTEGER NOT NULL,
    "from_user_id" INTEGER NOT NULL,
    "to_user_id" INTEGER NOT NULL,
    "ends_at" INTEGER NOT NULL,
    "reason" TEXT NOT NULL
) STRICT;
CREATE INDEX "delegation_by_to_user_id" ON "delegation" ("to_user_id");
