-- The schema as the last preview of 0.1.0 made it on SQLite, in eleven migrations.
CREATE TABLE "agent_tokens" ("id" varchar(40) PRIMARY KEY NOT NULL, "agent_id" varchar(40) NOT NULL, "token_hash" varchar(64) NOT NULL, "created_at" bigint NOT NULL, "revoked_at" bigint, retires_at bigint, CONSTRAINT "uq_agent_tokens_token_hash" UNIQUE ("token_hash"), CONSTRAINT "fk_agent_tokens_agent_id" FOREIGN KEY ("agent_id") REFERENCES "agents" ("id") ON DELETE CASCADE);
CREATE TABLE "agents" ("id" varchar(40) PRIMARY KEY NOT NULL, "code" varchar(80) NOT NULL, "name" varchar(200) NOT NULL, "mode" varchar(20) NOT NULL, "status" varchar(20) NOT NULL, "runtime" varchar(80), "version" varchar(80), "hostname" varchar(255), "os" varchar(80), "arch" varchar(80), "registered_at" bigint NOT NULL, "last_heartbeat_at" bigint, "heartbeat_audited_at" bigint, "created_at" bigint NOT NULL, "updated_at" bigint NOT NULL, CONSTRAINT "uq_agents_code" UNIQUE ("code"));
CREATE TABLE "audit_events" ("id" varchar(40) PRIMARY KEY NOT NULL, "actor_type" varchar(20) NOT NULL, "actor_id" varchar(40), "actor_name" varchar(200), "action" varchar(80) NOT NULL, "target_type" varchar(40) NOT NULL, "target_id" varchar(80), "result" varchar(20) NOT NULL, "message" text NOT NULL, "ip_address" varchar(64), "user_agent" varchar(300), "metadata" text NOT NULL, "created_at" bigint NOT NULL, seal_sequence integer);
CREATE TABLE "audit_seals" ("sequence" integer PRIMARY KEY NOT NULL, "first_position" bigint NOT NULL, "event_count" integer NOT NULL, "entries" text NOT NULL, "newest_event_at" bigint NOT NULL, "sealed_at" bigint NOT NULL, "previous_hash" varchar(43) NOT NULL, "hash" varchar(43) NOT NULL, "signature" varchar(43) NOT NULL);
CREATE TABLE "audit_tombstones" ("through_sequence" integer PRIMARY KEY NOT NULL, "through_position" bigint NOT NULL, "root" varchar(43) NOT NULL, "removed_at" bigint NOT NULL, "signature" varchar(43) NOT NULL);
CREATE TABLE "capsule_services" ("id" varchar(40) PRIMARY KEY NOT NULL, "agent_id" varchar(40) NOT NULL, "code" varchar(80) NOT NULL, "name" varchar(200) NOT NULL, "description" text, "version" varchar(80), "runtime" varchar(80), "manifest" text NOT NULL, "content_hash" varchar(64) NOT NULL, "health_status" varchar(20) NOT NULL, "health_message" text, "health_details" text, "last_reported_at" bigint NOT NULL, "stale_noted_at" bigint, "retired_at" bigint, "created_at" bigint NOT NULL, "updated_at" bigint NOT NULL, health_since bigint, CONSTRAINT "uq_capsule_services_code" UNIQUE ("code"), CONSTRAINT "fk_capsule_services_agent_id" FOREIGN KEY ("agent_id") REFERENCES "agents" ("id") ON DELETE CASCADE);
CREATE TABLE "command_progress" ("command_id" varchar(40) PRIMARY KEY NOT NULL, "percent" integer, "message" varchar(500), "log" text NOT NULL, "updated_at" bigint NOT NULL, CONSTRAINT "fk_command_progress_command_id" FOREIGN KEY ("command_id") REFERENCES "commands" ("id") ON DELETE CASCADE);
CREATE TABLE "command_results" ("id" varchar(40) PRIMARY KEY NOT NULL, "command_id" varchar(40) NOT NULL, "success" boolean NOT NULL, "message" text, "data" text, "error" text, "content_hash" varchar(64) NOT NULL, "sealed_key" text, "key_expires_at" bigint, "started_at" bigint, "finished_at" bigint, "reported_at" bigint NOT NULL, "late" boolean NOT NULL, CONSTRAINT "uq_command_results_command_id" UNIQUE ("command_id"), CONSTRAINT "fk_command_results_command_id" FOREIGN KEY ("command_id") REFERENCES "commands" ("id") ON DELETE CASCADE);
CREATE TABLE "commands" ("id" varchar(40) PRIMARY KEY NOT NULL, "type" varchar(20) NOT NULL, "status" varchar(20) NOT NULL, "service_id" varchar(40) NOT NULL, "agent_id" varchar(40) NOT NULL, "action_name" varchar(120) NOT NULL, "payload" text NOT NULL, "sealed_payload" text, "timeout_seconds" integer, "created_by_user_id" varchar(40), "created_by_username" varchar(80), "retry_of_command_id" varchar(40), "created_at" bigint NOT NULL, "started_at" bigint, "completed_at" bigint, "expires_at" bigint NOT NULL, "error_code" varchar(80), "error_message" varchar(500), CONSTRAINT "fk_commands_service_id" FOREIGN KEY ("service_id") REFERENCES "capsule_services" ("id") ON DELETE CASCADE);
CREATE TABLE "health_reports" ("id" varchar(40) PRIMARY KEY NOT NULL, "service_id" varchar(40) NOT NULL, "status" varchar(20) NOT NULL, "message" text, "details" text, "reported_at" bigint NOT NULL, CONSTRAINT "fk_health_reports_service_id" FOREIGN KEY ("service_id") REFERENCES "capsule_services" ("id") ON DELETE CASCADE);
CREATE TABLE "idempotency_keys" ("key_hash" varchar(64) PRIMARY KEY NOT NULL, "request_signature" varchar(64) NOT NULL, "command_id" varchar(40) NOT NULL, "created_at" bigint NOT NULL, CONSTRAINT "fk_idempotency_keys_command_id" FOREIGN KEY ("command_id") REFERENCES "commands" ("id") ON DELETE CASCADE);
CREATE TABLE "job_runs" ("job_id" varchar(80) PRIMARY KEY NOT NULL, "running_for" varchar(80), "started_at" bigint NOT NULL, "result" varchar(20), "message" text, "duration_ms" integer, "done_count" bigint);
CREATE TABLE "leases" ("name" varchar(80) PRIMARY KEY NOT NULL, "holder" varchar(80) NOT NULL, "taken_at" bigint NOT NULL, "expires_at" bigint NOT NULL);
CREATE TABLE "passkey_challenges" ("ticket_hash" varchar(64) PRIMARY KEY NOT NULL, "user_id" varchar(40) NOT NULL, "purpose" varchar(20) NOT NULL, "challenge" varchar(100) NOT NULL, "user_session_epoch" integer NOT NULL, "expires_at" bigint NOT NULL, CONSTRAINT "fk_passkey_challenges_user_id" FOREIGN KEY ("user_id") REFERENCES "users" ("id") ON DELETE CASCADE);
CREATE TABLE "passkeys" ("id" varchar(40) PRIMARY KEY NOT NULL, "user_id" varchar(40) NOT NULL, "credential_id" varchar(1400) NOT NULL, "public_key" text NOT NULL, "counter" bigint NOT NULL, "transports" text NOT NULL, "is_backed_up" boolean NOT NULL, "rp_id" varchar(255) NOT NULL, "name" varchar(80) NOT NULL, "created_at" bigint NOT NULL, "last_used_at" bigint, CONSTRAINT "uq_passkeys_credential_id" UNIQUE ("credential_id"), CONSTRAINT "fk_passkeys_user_id" FOREIGN KEY ("user_id") REFERENCES "users" ("id") ON DELETE CASCADE);
CREATE TABLE "registration_tokens" ("id" varchar(40) PRIMARY KEY NOT NULL, "name" varchar(200), "token_hash" varchar(64) NOT NULL, "token_prefix" varchar(40) NOT NULL, "status" varchar(20) NOT NULL, "agent_code" varchar(80), "allowed_cidrs" text NOT NULL, "created_by_user_id" varchar(40), "created_at" bigint NOT NULL, "expires_at" bigint, "used_at" bigint, "used_by_agent_id" varchar(40), "revoked_at" bigint, CONSTRAINT "uq_registration_tokens_token_hash" UNIQUE ("token_hash"));
CREATE TABLE "schema_migrations" ("id" integer PRIMARY KEY AUTOINCREMENT NOT NULL, "timestamp" bigint NOT NULL, "name" varchar NOT NULL);
CREATE TABLE "service_actions" ("id" varchar(40) PRIMARY KEY NOT NULL, "service_id" varchar(40) NOT NULL, "name" varchar(120) NOT NULL, "label" varchar(200) NOT NULL, "description" text, "category" varchar(120), "sort_order" integer NOT NULL, "danger_level" varchar(20) NOT NULL, "requires_confirmation" boolean NOT NULL, "input_schema" text, "timeout_seconds" integer, "enabled" boolean NOT NULL, CONSTRAINT "uq_service_actions_service_id_name" UNIQUE ("service_id", "name"), CONSTRAINT "fk_service_actions_service_id" FOREIGN KEY ("service_id") REFERENCES "capsule_services" ("id") ON DELETE CASCADE);
CREATE TABLE "service_configs" ("id" varchar(40) PRIMARY KEY NOT NULL, "service_id" varchar(40) NOT NULL, "key" varchar(200) NOT NULL, "type" varchar(80) NOT NULL, "label" varchar(200), "source" varchar(200), "editable" boolean NOT NULL, "sensitive" boolean NOT NULL, "configured" boolean NOT NULL, "value_preview" text, "default_value" text, "secret_ref" varchar(500), "updated_at" bigint NOT NULL, CONSTRAINT "uq_service_configs_service_id_key" UNIQUE ("service_id", "key"), CONSTRAINT "fk_service_configs_service_id" FOREIGN KEY ("service_id") REFERENCES "capsule_services" ("id") ON DELETE CASCADE);
CREATE TABLE "sessions" ("id" varchar(40) PRIMARY KEY NOT NULL, "user_id" varchar(40) NOT NULL, "id_hash" varchar(64) NOT NULL, "csrf_salt" varchar(64) NOT NULL, "user_session_epoch" integer NOT NULL, "ip_address" varchar(64), "user_agent" varchar(300), "created_at" bigint NOT NULL, "expires_at" bigint NOT NULL, last_seen_at bigint NOT NULL DEFAULT 0, CONSTRAINT "uq_sessions_id_hash" UNIQUE ("id_hash"), CONSTRAINT "fk_sessions_user_id" FOREIGN KEY ("user_id") REFERENCES "users" ("id") ON DELETE CASCADE);
CREATE TABLE "settings" ("id" varchar(40) PRIMARY KEY NOT NULL, "key" varchar(80) NOT NULL, "value" text NOT NULL, "updated_at" bigint NOT NULL, CONSTRAINT "uq_settings_key" UNIQUE ("key"));
CREATE TABLE "sign_in_failures" ("subject" varchar(64) PRIMARY KEY NOT NULL, "failures" integer NOT NULL, "last_failed_at" bigint NOT NULL, "forgotten_at" bigint NOT NULL);
CREATE TABLE "users" ("id" varchar(40) PRIMARY KEY NOT NULL, "username" varchar(80) NOT NULL, "display_name" varchar(200), "password_hash" varchar(300) NOT NULL, "role" varchar(20) NOT NULL, "status" varchar(20) NOT NULL, "session_epoch" integer NOT NULL, "created_at" bigint NOT NULL, "updated_at" bigint NOT NULL, "last_login_at" bigint, is_bootstrap_password boolean NOT NULL DEFAULT 0, passkey_count integer NOT NULL DEFAULT 0, CONSTRAINT "uq_users_username" UNIQUE ("username"));
CREATE INDEX "ix_agent_tokens_agent_id" ON "agent_tokens" ("agent_id");
CREATE INDEX "ix_agents_last_heartbeat_at" ON "agents" ("last_heartbeat_at");
CREATE INDEX "ix_agents_status" ON "agents" ("status");
CREATE INDEX "ix_audit_events_action_created_at" ON "audit_events" ("action", "created_at");
CREATE INDEX "ix_audit_events_actor_id_created_at" ON "audit_events" ("actor_id", "created_at");
CREATE INDEX "ix_audit_events_created_at_id" ON "audit_events" ("created_at", "id");
CREATE INDEX ix_audit_events_seal_sequence_created_at_id ON audit_events (seal_sequence, created_at, id);
CREATE INDEX "ix_audit_events_target_id_created_at" ON "audit_events" ("target_id", "created_at");
CREATE INDEX "ix_capsule_services_agent_id" ON "capsule_services" ("agent_id");
CREATE INDEX "ix_capsule_services_last_reported_at" ON "capsule_services" ("last_reported_at");
CREATE INDEX "ix_command_results_key_expires_at" ON "command_results" ("key_expires_at");
CREATE INDEX "ix_commands_agent_id_status_created_at" ON "commands" ("agent_id", "status", "created_at");
CREATE INDEX "ix_commands_completed_at" ON "commands" ("completed_at");
CREATE INDEX "ix_commands_created_at_id" ON "commands" ("created_at", "id");
CREATE INDEX "ix_commands_service_id_created_at" ON "commands" ("service_id", "created_at");
CREATE INDEX ix_commands_status_created_at_id ON commands (status, created_at, id);
CREATE INDEX "ix_health_reports_reported_at" ON "health_reports" ("reported_at");
CREATE INDEX "ix_health_reports_service_id_reported_at" ON "health_reports" ("service_id", "reported_at");
CREATE INDEX "ix_idempotency_keys_command_id" ON "idempotency_keys" ("command_id");
CREATE INDEX "ix_idempotency_keys_created_at" ON "idempotency_keys" ("created_at");
CREATE INDEX "ix_passkey_challenges_expires_at" ON "passkey_challenges" ("expires_at");
CREATE INDEX "ix_passkey_challenges_user_id" ON "passkey_challenges" ("user_id");
CREATE INDEX "ix_passkeys_user_id" ON "passkeys" ("user_id");
CREATE INDEX "ix_registration_tokens_created_at" ON "registration_tokens" ("created_at");
CREATE INDEX "ix_registration_tokens_status_expires_at" ON "registration_tokens" ("status", "expires_at");
CREATE INDEX "ix_sessions_expires_at" ON "sessions" ("expires_at");
CREATE INDEX "ix_sessions_user_id" ON "sessions" ("user_id");
CREATE INDEX "ix_sign_in_failures_forgotten_at" ON "sign_in_failures" ("forgotten_at");
INSERT INTO schema_migrations (timestamp, name) VALUES
  (1790000000000, 'CreateSchema1790000000000'),
  (1790000100000, 'AddHealthSince1790000100000'),
  (1790000300000, 'AddCommandProgress1790000300000'),
  (1790000310000, 'AddIdempotencyKeys1790000310000'),
  (1790000320000, 'AddLeases1790000320000'),
  (1790000325000, 'IndexCommandsByStatusAndTime1790000325000'),
  (1790000500000, 'AddAuditSeals1790000500000'),
  (1790002000000, 'AddJobRuns1790002000000'),
  (1790004000000, 'AddSignInLimits1790004000000'),
  (1790005000000, 'AddPasskeys1790005000000'),
  (1790006000000, 'AddAgentTokenRetirement1790006000000');
