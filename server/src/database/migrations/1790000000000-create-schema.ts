import type { MigrationInterface, QueryRunner, Table } from 'typeorm';
import type { DatabaseKind } from '#contracts';
import { kindOf } from '../columns.js';
import { boolean, count, id, instant, integer, json, NULLABLE, string, table, text } from './table-builder.js';

/** Each database writes a default in its own way, which must match what TypeORM derives from the entity. */
const identityTables = (kind: DatabaseKind): readonly Table[] => [
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
      boolean('is_bootstrap_password', { default: kind === 'postgres' ? 'false' : '0' }),
      integer('passkey_count', { default: '0' }),
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
      instant('last_seen_at', { default: '0' }),
    ],
    uniques: [['id_hash']],
    indices: [['user_id'], ['expires_at']],
    ownedBy: { user_id: 'users' },
  }),
  table('passkeys', {
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
  }),
  table('passkey_challenges', {
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
  }),
  table('sign_in_failures', {
    key: string('subject', 64),
    columns: [integer('failures'), instant('last_failed_at'), instant('forgotten_at')],
    indices: [['forgotten_at']],
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
    columns: [
      id('agent_id'),
      string('token_hash', 64),
      instant('created_at'),
      instant('revoked_at', NULLABLE),
      instant('retires_at', NULLABLE),
    ],
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
      instant('health_since', NULLABLE),
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
      ['service_id', 'created_at'],
      ['created_at', 'id'],
      ['completed_at'],
      ['status', 'created_at', 'id'],
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
  table('command_progress', {
    key: id('command_id'),
    columns: [integer('percent', NULLABLE), string('message', 500, NULLABLE), json('log'), instant('updated_at')],
    ownedBy: { command_id: 'commands' },
  }),
  table('idempotency_keys', {
    key: string('key_hash', 64),
    columns: [string('request_signature', 64), id('command_id'), instant('created_at')],
    indices: [['command_id'], ['created_at']],
    ownedBy: { command_id: 'commands' },
  }),
];

const AUDIT_TABLES: readonly Table[] = [
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
      integer('seal_sequence', NULLABLE),
    ],
    indices: [
      ['created_at', 'id'],
      ['action', 'created_at'],
      ['actor_id', 'created_at'],
      ['target_id', 'created_at'],
      ['seal_sequence', 'created_at', 'id'],
    ],
  }),
  table('audit_seals', {
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
  }),
  table('audit_tombstones', {
    key: integer('through_sequence'),
    columns: [count('through_position'), string('root', 43), instant('removed_at'), string('signature', 43)],
  }),
];

const RUNNING_TABLES: readonly Table[] = [
  table('settings', {
    columns: [string('key', 80), json('value'), instant('updated_at')],
    uniques: [['key']],
  }),
  table('leases', {
    key: string('name', 80),
    columns: [string('holder', 80), instant('taken_at'), instant('expires_at')],
  }),
  table('job_runs', {
    key: string('job_id', 80),
    columns: [
      string('running_for', 80, NULLABLE),
      instant('started_at'),
      string('result', 20, NULLABLE),
      text('message', NULLABLE),
      integer('duration_ms', NULLABLE),
      count('done_count', NULLABLE),
    ],
  }),
];

const tables = (kind: DatabaseKind): readonly Table[] => [
  ...identityTables(kind),
  ...AGENT_TABLES,
  ...SERVICE_TABLES,
  ...COMMAND_TABLES,
  ...AUDIT_TABLES,
  ...RUNNING_TABLES,
];

/** The schema of 0.1.0. */
export class CreateSchema1790000000000 implements MigrationInterface {
  readonly name = 'CreateSchema1790000000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const one of tables(kindOf(runner.dataSource))) await runner.createTable(one.clone(), true, true, true);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const one of tables(kindOf(runner.dataSource)).toReversed()) await runner.dropTable(one.clone());
  }
}
