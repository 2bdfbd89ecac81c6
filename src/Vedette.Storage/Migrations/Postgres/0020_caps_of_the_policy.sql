-- That an action was started under a cap of the policy: counted in the commit that starts one more.
CREATE TABLE "cap_use" (
    "id" BIGINT PRIMARY KEY,
    "tenant_id" BIGINT NOT NULL,
    "cap" TEXT COLLATE "C" NOT NULL,
    "key" TEXT COLLATE "C" NOT NULL,
    "target" TEXT COLLATE "C" NOT NULL,
    "at" BIGINT NOT NULL,
    "action_run_id" BIGINT NOT NULL
);
CREATE INDEX "cap_use_by_cap" ON "cap_use" ("cap", "key", "at");
CREATE INDEX "cap_use_by_action_run_id" ON "cap_use" ("action_run_id");
