ALTER TABLE "prompt" ADD COLUMN "requirements" TEXT COLLATE "C" NOT NULL DEFAULT '[]';
ALTER TABLE "prompt" ADD COLUMN "approvals" TEXT COLLATE "C" NOT NULL DEFAULT '[]';
ALTER TABLE "prompt" ADD COLUMN "escalate_at" BIGINT;
ALTER TABLE "prompt" ADD COLUMN "escalate_to" TEXT COLLATE "C" NOT NULL DEFAULT '[]';

-- Somebody answers for somebody else, until a time.
CREATE TABLE "delegation" (
    "id" BIGINT PRIMARY KEY,
    "tenant_id" BIGINT NOT NULL,
    "version" BIGINT NOT NULL,
    "created_at" BIGINT NOT NULL,
    "updated_at" BIGINT NOT NULL,
    "from_user_id" BIGINT NOT NULL,
    "to_user_id" BIGINT NOT NULL,
    "ends_at" BIGINT NOT NULL,
    "reason" TEXT COLLATE "C" NOT NULL
);
CREATE INDEX "delegation_by_to_user_id" ON "delegation" ("to_user_id");
