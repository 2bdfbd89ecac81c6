CREATE TABLE "second_factor" (
    "id" BIGINT PRIMARY KEY,
    "tenant_id" BIGINT NOT NULL,
    "version" BIGINT NOT NULL,
    "created_at" BIGINT NOT NULL,
    "updated_at" BIGINT NOT NULL,
    "user_id" BIGINT NOT NULL,
    "sealed" TEXT COLLATE "C" NOT NULL,
    "confirmed" BIGINT NOT NULL,
    "last_step" BIGINT NOT NULL
);
CREATE UNIQUE INDEX "second_factor_user_id" ON "second_factor" ("user_id");
