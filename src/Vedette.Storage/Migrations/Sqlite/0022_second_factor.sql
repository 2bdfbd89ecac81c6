CREATE TABLE "second_factor" (
    "id" INTEGER PRIMARY KEY,
    "tenant_id" INTEGER NOT NULL,
    "version" INTEGER NOT NULL,
    "created_at" INTEGER NOT NULL,
    "updated_at" INTEGER NOT NULL,
    "user_id" INTEGER NOT NULL,
    "sealed" TEXT NOT NULL,
    "confirmed" INTEGER NOT NULL,
    "last_step" INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX "second_factor_user_id" ON "second_factor" ("user_id");
