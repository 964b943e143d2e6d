import type { Role } from '#contracts';

/** The access of every route. Add each new route with the access the contract gives it. */
export const ROUTE_TABLE: Readonly<Record<string, Role | 'agent' | 'public'>> = {
  'GET /health': 'public',
  'GET /api/system/health': 'public',
  'GET /api/system/version': 'public',

  'POST /api/admin/auth/login': 'public',
  'POST /api/admin/auth/logout': 'viewer',
  'GET /api/admin/auth/me': 'viewer',
  'GET /api/admin/auth/csrf': 'viewer',
  'POST /api/admin/auth/password': 'viewer',
  'POST /api/admin/auth/login/passkey': 'public',
  'POST /api/admin/auth/confirm': 'viewer',
  'POST /api/admin/auth/confirm/passkey/options': 'viewer',
  'POST /api/admin/auth/confirm/passkey': 'viewer',
  'GET /api/admin/auth/passkeys': 'viewer',
  'POST /api/admin/auth/passkeys': 'viewer',
  'POST /api/admin/auth/passkeys/options': 'viewer',
  'PATCH /api/admin/auth/passkeys/:id': 'viewer',
  'POST /api/admin/auth/passkeys/:id/remove': 'viewer',
  'GET /api/admin/auth/sessions': 'viewer',
  'DELETE /api/admin/auth/sessions': 'viewer',
  'DELETE /api/admin/auth/sessions/:id': 'viewer',

  'GET /api/admin/users': 'owner',
  'POST /api/admin/users': 'owner',
  'PATCH /api/admin/users/:id': 'owner',
  'POST /api/admin/users/:id/reset-password': 'owner',
  'POST /api/admin/users/:id/passkeys/reset': 'owner',
  'GET /api/admin/users/:id/sessions': 'owner',
  'DELETE /api/admin/users/:id/sessions': 'owner',
  'DELETE /api/admin/users/:id/sessions/:sessionId': 'owner',

  'GET /api/admin/registration-tokens': 'viewer',
  'POST /api/admin/registration-tokens': 'operator',
  'POST /api/admin/registration-tokens/:id/revoke': 'operator',
  'DELETE /api/admin/registration-tokens/:id': 'operator',

  'GET /api/admin/agents': 'viewer',
  'GET /api/admin/agents/:id': 'viewer',
  'POST /api/admin/agents/:id/disable': 'operator',
  'POST /api/admin/agents/:id/enable': 'operator',
  'POST /api/admin/agents/:id/revoke': 'operator',

  'GET /api/admin/capsule-services': 'viewer',
  'GET /api/admin/capsule-services/health-strips': 'viewer',
  'GET /api/admin/capsule-services/:id': 'viewer',
  'GET /api/admin/capsule-services/:id/manifest': 'viewer',
  'GET /api/admin/capsule-services/:id/health': 'viewer',
  'GET /api/admin/capsule-services/:id/configs': 'viewer',
  'POST /api/admin/capsule-services/:id/move': 'operator',
  'GET /api/admin/capsule-services/:id/actions': 'viewer',
  'GET /api/admin/capsule-services/:id/actions/:name': 'operator',
  'POST /api/admin/capsule-services/:id/actions/:name': 'operator',

  'GET /api/admin/commands': 'viewer',
  'GET /api/admin/commands/summary': 'viewer',
  'GET /api/admin/commands/:id': 'viewer',
  'POST /api/admin/commands/:id/cancel': 'operator',
  'POST /api/admin/commands/:id/retry': 'operator',

  'GET /api/admin/audit-events': 'viewer',
  'GET /api/admin/audit-events/export': 'operator',
  'GET /api/admin/audit-events/summary': 'viewer',
  'GET /api/admin/audit-events/verify': 'operator',
  'GET /api/admin/audit-events/:id': 'viewer',

  'GET /api/admin/events': 'viewer',
  'GET /api/admin/dashboard/summary': 'viewer',
  'GET /api/admin/dashboard/overview': 'viewer',
  'GET /api/admin/metrics': 'viewer',
  'GET /api/admin/diagnostics/runtime': 'operator',
  'GET /api/admin/diagnostics/safety': 'owner',
  'GET /api/admin/settings/sign-in': 'viewer',
  'PATCH /api/admin/settings/sign-in': 'owner',
  'GET /api/admin/settings/maintenance': 'viewer',
  'PATCH /api/admin/settings/maintenance': 'owner',
  'GET /api/admin/maintenance/jobs': 'viewer',
  'POST /api/admin/maintenance/run': 'operator',
  'POST /api/admin/maintenance/clock/confirm': 'owner',
  'GET /api/admin/backups': 'owner',
  'POST /api/admin/backup/sqlite': 'owner',

  'POST /api/agents/register': 'public',
  'POST /api/agents/:agentId/heartbeat': 'agent',
  'POST /api/agents/:agentId/token': 'agent',
  'POST /api/agents/:agentId/services/report': 'agent',
  'GET /api/agents/:agentId/commands': 'agent',
  'POST /api/agents/:agentId/commands/:commandId/progress': 'agent',
  'POST /api/agents/:agentId/commands/:commandId/result': 'agent',
};

/** GETs that change something; they refuse HEAD and cross-site requests. */
export const GETS_WITH_EFFECT: readonly string[] = [
  'GET /api/admin/auth/csrf',
  'GET /api/admin/capsule-services/:id/actions/:name',
  'GET /api/admin/commands/:id',
  'GET /api/admin/audit-events/export',
  'GET /api/agents/:agentId/commands',
];

/** Public pages without a handler: the API description. */
export const PUBLIC_ROUTES: readonly string[] = ['GET /api/docs{/*page}', 'GET /api/openapi.json'];

/** Addresses of these pages. */
export const PUBLIC_PAGES: readonly string[] = [
  'GET /api/docs',
  'GET /api/docs/',
  'GET /api/docs/index.html',
  'GET /api/docs/LICENSE',
  'GET /api/docs/swagger-ui.css',
  'GET /api/docs/swagger-ui-init.js',
  'GET /api/docs/docs/swagger-ui-init.js',
  'GET /api/openapi.json',
];
