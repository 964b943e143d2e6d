import type { MigrationInterface, QueryRunner, Table } from 'typeorm';
import { boolean, id, instant, integer, json, NULLABLE, string, table, text } from './table-builder.js';

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
