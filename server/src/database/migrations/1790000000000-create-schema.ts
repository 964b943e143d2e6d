import type { MigrationInterface, QueryRunner, Table } from 'typeorm';
import { kindOf } from '../columns.js';
import { boolean, count, id, instant, integer, json, NULLABLE, string, table, text } from './table-builder.js';

const IDENTITY_TABLES: readonly Table[] = [
  table('users', {
    columns: [
      string('username', 80),
      string('display_name', 200, NULLABLE),
      string('password_hash', 300),
      string('role', 20),
      string('status', 20),
      integer('session_epoch'),
      instant('created_at'),
      instant('updated_at'),
      instant('last_login_at', NULLABLE),
    ],
    uniques: [['username']],
  }),
  table('sessions', {
    columns: [
      id('user_id'),
      string('id_hash', 64),
      string('csrf_salt', 64),
      integer('user_session_epoch'),
      string('ip_address', 64, NULLABLE),
      string('user_agent', 300, NULLABLE),
      instant('created_at'),
      instant('expires_at'),
    ],
    uniques: [['id_hash']],
    indices: [['user_id'], ['expires_at']],
    ownedBy: { user_id: 'users' },
  }),
];

const AGENT_TABLES: readonly Table[] = [
  table('agents', {
    columns: [
      string('code', 80),
      string('name', 200),
      string('mode', 20),
      string('status', 20),
      string('runtime', 80, NULLABLE),
      string('version', 80, NULLABLE),
      string('hostname', 255, NULLABLE),
      string('os', 80, NULLABLE),
      string('arch', 80, NULLABLE),
      instant('registered_at'),
      instant('last_heartbeat_at', NULLABLE),
      instant('heartbeat_audited_at', NULLABLE),
      instant('created_at'),
      instant('updated_at'),
    ],
    uniques: [['code']],
    indices: [['last_heartbeat_at'], ['status']],
  }),
  table('agent_tokens', {
    columns: [id('agent_id'), string('token_hash', 64), instant('created_at'), instant('revoked_at', NULLABLE)],
    uniques: [['token_hash']],
    indices: [['agent_id']],
    ownedBy: { agent_id: 'agents' },
  }),
  table('registration_tokens', {
    columns: [
      string('name', 200, NULLABLE),
      string('token_hash', 64),
      string('token_prefix', 40),
      string('status', 20),
      string('agent_code', 80, NULLABLE),
      json('allowed_cidrs'),
      id('created_by_user_id', NULLABLE),
      instant('created_at'),
      instant('expires_at', NULLABLE),
      instant('used_at', NULLABLE),
      id('used_by_agent_id', NULLABLE),
      instant('revoked_at', NULLABLE),
    ],
    uniques: [['token_hash']],
    indices: [['created_at'], ['status', 'expires_at']],
  }),
];

const SERVICE_TABLES: readonly Table[] = [
  table('capsule_services', {
    columns: [
      id('agent_id'),
      string('code', 80),
      string('name', 200),
      text('description', NULLABLE),
      string('version', 80, NULLABLE),
      string('runtime', 80, NULLABLE),
      json('manifest'),
      string('content_hash', 64),
      string('health_status', 20),
      text('health_message', NULLABLE),
      json('health_details', NULLABLE),
      instant('last_reported_at'),
      instant('stale_noted_at', NULLABLE),
      instant('retired_at', NULLABLE),
      instant('created_at'),
      instant('updated_at'),
    ],
    uniques: [['code']],
    indices: [['agent_id'], ['last_reported_at']],
    ownedBy: { agent_id: 'agents' },
  }),
  table('health_reports', {
    columns: [
      id('service_id'),
      string('status', 20),
      text('message', NULLABLE),
      json('details', NULLABLE),
      instant('reported_at'),
    ],
    indices: [['service_id', 'reported_at'], ['reported_at']],
    ownedBy: { service_id: 'capsule_services' },
  }),
  table('service_configs', {
    columns: [
      id('service_id'),
      string('key', 200),
      string('type', 80),
      string('label', 200, NULLABLE),
      string('source', 200, NULLABLE),
      boolean('editable'),
      boolean('sensitive'),
      boolean('configured'),
      json('value_preview', NULLABLE),
      json('default_value', NULLABLE),
      string('secret_ref', 500, NULLABLE),
      instant('updated_at'),
    ],
    uniques: [['service_id', 'key']],
    ownedBy: { service_id: 'capsule_services' },
  }),
  table('service_actions', {
    columns: [
      id('service_id'),
      string('name', 120),
      string('label', 200),
      text('description', NULLABLE),
      string('category', 120, NULLABLE),
      integer('sort_order'),
      string('danger_level', 20),
      boolean('requires_confirmation'),
      json('input_schema', NULLABLE),
      integer('timeout_seconds', NULLABLE),
      boolean('enabled'),
    ],
    uniques: [['service_id', 'name']],
    ownedBy: { service_id: 'capsule_services' },
  }),
];

const COMMAND_TABLES: readonly Table[] = [
  table('commands', {
    columns: [
      string('type', 20),
      string('status', 20),
      id('service_id'),
      id('agent_id'),
      string('action_name', 120),
      json('payload'),
      text('sealed_payload', NULLABLE),
      integer('timeout_seconds', NULLABLE),
      id('created_by_user_id', NULLABLE),
      string('created_by_username', 80, NULLABLE),
      id('retry_of_command_id', NULLABLE),
      instant('created_at'),
      instant('started_at', NULLABLE),
      instant('completed_at', NULLABLE),
      instant('expires_at'),
      string('error_code', 80, NULLABLE),
      string('error_message', 500, NULLABLE),
    ],
    indices: [
      ['agent_id', 'status', 'created_at'],
      ['status', 'expires_at'],
      ['service_id', 'created_at'],
      ['created_at', 'id'],
      ['completed_at'],
    ],
    ownedBy: { service_id: 'capsule_services' },
  }),
  table('command_results', {
    columns: [
      id('command_id'),
      boolean('success'),
      text('message', NULLABLE),
      json('data', NULLABLE),
      json('error', NULLABLE),
      string('content_hash', 64),
      text('sealed_key', NULLABLE),
      instant('key_expires_at', NULLABLE),
      instant('started_at', NULLABLE),
      instant('finished_at', NULLABLE),
      instant('reported_at'),
      boolean('late'),
    ],
    uniques: [['command_id']],
    indices: [['key_expires_at']],
    ownedBy: { command_id: 'commands' },
  }),
];

const RECORD_TABLES: readonly Table[] = [
  table('audit_events', {
    columns: [
      string('actor_type', 20),
      string('actor_id', 40, NULLABLE),
      string('actor_name', 200, NULLABLE),
      string('action', 80),
      string('target_type', 40),
      string('target_id', 80, NULLABLE),
      string('result', 20),
      text('message'),
      string('ip_address', 64, NULLABLE),
      string('user_agent', 300, NULLABLE),
      json('metadata'),
      instant('created_at'),
    ],
    indices: [
      ['created_at', 'id'],
      ['action', 'created_at'],
      ['actor_id', 'created_at'],
      ['target_id', 'created_at'],
    ],
  }),
  table('settings', {
    columns: [string('key', 80), json('value'), instant('updated_at')],
    uniques: [['key']],
  }),
];

const TABLES: readonly Table[] = [
  ...IDENTITY_TABLES,
  ...AGENT_TABLES,
  ...SERVICE_TABLES,
  ...COMMAND_TABLES,
  ...RECORD_TABLES,
];

export class CreateSchema1790000000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    for (const one of TABLES) await queryRunner.createTable(one.clone(), true, true, true);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const one of [...TABLES].reverse()) await queryRunner.dropTable(one.clone());
  }
}

/** Since when a service says what it says of its health: every list shows it, so it is kept beside the status. */
export class AddHealthSince1790000100000 implements MigrationInterface {
  readonly name = 'AddHealthSince1790000100000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE capsule_services ADD COLUMN health_since bigint');
    await runner.query(
      `UPDATE capsule_services SET health_since =
        (SELECT MAX(report.reported_at) FROM health_reports report WHERE report.service_id = capsule_services.id)`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE capsule_services DROP COLUMN health_since');
  }
}

const PROGRESS = table('command_progress', {
  key: id('command_id'),
  columns: [integer('percent', NULLABLE), string('message', 500, NULLABLE), json('log'), instant('updated_at')],
  ownedBy: { command_id: 'commands' },
});

/** What agents say while they run a command: one row for each that said something. */
export class AddCommandProgress1790000300000 implements MigrationInterface {
  readonly name = 'AddCommandProgress1790000300000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(PROGRESS.clone(), true, true, true);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable(PROGRESS.clone());
  }
}

const KEYS = table('idempotency_keys', {
  key: string('key_hash', 64),
  columns: [string('request_signature', 64), id('command_id'), instant('created_at')],
  indices: [['command_id'], ['created_at']],
  ownedBy: { command_id: 'commands' },
});

/** Which request made which command, for those who say it twice. */
export class AddIdempotencyKeys1790000310000 implements MigrationInterface {
  readonly name = 'AddIdempotencyKeys1790000310000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(KEYS.clone(), true, true, true);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable(KEYS.clone());
  }
}

const LEASES = table('leases', {
  key: string('name', 80),
  columns: [string('holder', 80), instant('taken_at'), instant('expires_at')],
});

/** What one replica at a time may do. */
export class AddLeases1790000320000 implements MigrationInterface {
  readonly name = 'AddLeases1790000320000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(LEASES.clone(), true, true, true);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable(LEASES.clone());
  }
}

/**
 * The list of commands of one status, newest first, is read in the order of its index. Those that are still open, whose
 * expiry is looked at, are few: they are found by the same index.
 */
export class IndexCommandsByStatusAndTime1790000325000 implements MigrationInterface {
  readonly name = 'IndexCommandsByStatusAndTime1790000325000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE INDEX ix_commands_status_created_at_id ON commands (status, created_at, id)');
    await runner.query('DROP INDEX ix_commands_status_expires_at');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE INDEX ix_commands_status_expires_at ON commands (status, expires_at)');
    await runner.query('DROP INDEX ix_commands_status_created_at_id');
  }
}

const SEALS = table('audit_seals', {
  key: integer('sequence'),
  columns: [
    count('first_position'),
    integer('event_count'),
    text('entries'),
    instant('newest_event_at'),
    instant('sealed_at'),
    string('previous_hash', 43),
    string('hash', 43),
    string('signature', 43),
  ],
});

const TOMBSTONES = table('audit_tombstones', {
  key: integer('through_sequence'),
  columns: [count('through_position'), string('root', 43), instant('removed_at'), string('signature', 43)],
});

const INDEX = 'ix_audit_events_seal_sequence_created_at_id';

/** What proves that the audit is what it was: a chain of seals over its events, and what retention removed of it. */
export class AddAuditSeals1790000500000 implements MigrationInterface {
  readonly name = 'AddAuditSeals1790000500000';

  async up(runner: QueryRunner): Promise<void> {
    for (const made of [SEALS, TOMBSTONES]) await runner.createTable(made.clone(), true, true, true);
    await runner.query('ALTER TABLE audit_events ADD COLUMN seal_sequence integer');
    await runner.query(`CREATE INDEX ${INDEX} ON audit_events (seal_sequence, created_at, id)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP INDEX ${INDEX}`);
    await runner.query('ALTER TABLE audit_events DROP COLUMN seal_sequence');
    for (const made of [TOMBSTONES, SEALS]) await runner.dropTable(made.clone());
  }
}

const JOB_RUNS = table('job_runs', {
  key: string('job_id', 80),
  columns: [
    string('running_for', 80, NULLABLE),
    instant('started_at'),
    string('result', 20, NULLABLE),
    text('message', NULLABLE),
    integer('duration_ms', NULLABLE),
    count('done_count', NULLABLE),
  ],
});

/** How each sweep last went, for every replica to tell. */
export class AddJobRuns1790002000000 implements MigrationInterface {
  readonly name = 'AddJobRuns1790002000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(JOB_RUNS.clone(), true, true, true);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable(JOB_RUNS.clone());
  }
}

const FAILURES = table('sign_in_failures', {
  key: string('subject', 64),
  columns: [integer('failures'), instant('last_failed_at'), instant('forgotten_at')],
  indices: [['forgotten_at']],
});

/** How often a sign-in was refused of late, when a session was last seen, and whether a password is the first start's. */
export class AddSignInLimits1790004000000 implements MigrationInterface {
  readonly name = 'AddSignInLimits1790004000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(FAILURES.clone(), true, true, true);
    await runner.query('ALTER TABLE sessions ADD COLUMN last_seen_at bigint NOT NULL DEFAULT 0');
    await runner.query('UPDATE sessions SET last_seen_at = created_at');
    // The two write it differently into their catalogues, where it is compared with what the entity says.
    const no = kindOf(runner.dataSource) === 'postgres' ? 'false' : '0';
    await runner.query(`ALTER TABLE users ADD COLUMN is_bootstrap_password boolean NOT NULL DEFAULT ${no}`);
    // A password that was set later left its time; what else changes a user may have, and then nothing is claimed.
    await runner.query(
      `UPDATE users SET is_bootstrap_password = true
        WHERE created_at = updated_at AND id = (SELECT MIN(id) FROM users WHERE role = 'owner')`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE users DROP COLUMN is_bootstrap_password');
    await runner.query('ALTER TABLE sessions DROP COLUMN last_seen_at');
    await runner.dropTable(FAILURES.clone());
  }
}

const PASSKEYS = table('passkeys', {
  columns: [
    id('user_id'),
    string('credential_id', 1400),
    text('public_key'),
    count('counter'),
    json('transports'),
    boolean('is_backed_up'),
    string('rp_id', 255),
    string('name', 80),
    instant('created_at'),
    instant('last_used_at', NULLABLE),
  ],
  uniques: [['credential_id']],
  indices: [['user_id']],
  ownedBy: { user_id: 'users' },
});

const CHALLENGES = table('passkey_challenges', {
  key: string('ticket_hash', 64),
  columns: [
    id('user_id'),
    string('purpose', 20),
    string('challenge', 100),
    integer('user_session_epoch'),
    instant('expires_at'),
  ],
  indices: [['user_id'], ['expires_at']],
  ownedBy: { user_id: 'users' },
});

/** The public halves of users' passkeys, what their authenticators were asked to sign, and how many each user has. */
export class AddPasskeys1790005000000 implements MigrationInterface {
  readonly name = 'AddPasskeys1790005000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE users ADD COLUMN passkey_count integer NOT NULL DEFAULT 0');
    await runner.createTable(PASSKEYS.clone(), true, true, true);
    await runner.createTable(CHALLENGES.clone(), true, true, true);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable(CHALLENGES.clone());
    await runner.dropTable(PASSKEYS.clone());
    await runner.query('ALTER TABLE users DROP COLUMN passkey_count');
  }
}

/** When a token ends that its agent has replaced, and may still have to use for a little while. */
export class AddAgentTokenRetirement1790006000000 implements MigrationInterface {
  readonly name = 'AddAgentTokenRetirement1790006000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE agent_tokens ADD COLUMN retires_at bigint');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE agent_tokens DROP COLUMN retires_at');
  }
}
