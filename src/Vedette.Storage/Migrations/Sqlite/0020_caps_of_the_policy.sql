-- That an action was started under a cap of the policy: counted in the commit that starts one more.
CREATE TABLE "cap_use" (
    "id" INTEGER PRIMARY KEY,
    "tenant_id" INTEGER NOT NULL,
    "cap" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "target" TEXT NOT NULL,
    "at" INTEGER NOT NULL,
    "action_run_id" INTEGER NOT NULL
) STRICT;
CREATE INDEX "cap_use_by_cap" ON "cap_use" ("cap", "key", "at");
CREATE INDEX "cap_use_by_action_run_id" ON "cap_use" ("action_run_id");
