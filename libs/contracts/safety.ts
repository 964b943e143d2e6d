import type { AuditTargetType } from './enums.js';
import type { Instant } from './ids.js';

/** The safety checks of an installation, in display order. */
export const SAFETY_CHECKS = [
  'secret-strength',
  'secret-age',
  'bootstrap-password',
  'session-cookie',
  'proxy-headers',
  'https',
  'exposure',
  'registration-tokens',
  'agent-tokens',
  'dangerous-actions',
  'exposed-secrets',
  'backups',
  'audit-retention',
  'audit-integrity',
  'migrations',
] as const;
export type SafetyCheckId = (typeof SAFETY_CHECKS)[number];

/** From fine to needing immediate action; `UNKNOWN` when the check could not be made. */
export const SAFETY_STATUSES = ['OK', 'NOTICE', 'WARNING', 'CRITICAL', 'UNKNOWN'] as const;
export type SafetyStatus = (typeof SAFETY_STATUSES)[number];

/** An object that a finding refers to. */
export interface SafetyDetail {
  readonly targetType: AuditTargetType;
  readonly targetId: string;
  /** Its name; for an action or config item, preceded by its service. */
  readonly name: string;
}

/** The result of one check. */
export interface SafetyFinding {
  readonly id: SafetyCheckId;
  readonly status: SafetyStatus;
  /** Which of its possible results the check has, as a stable name; together with `values` enough for a translation. */
  readonly situation: string;
  /** The numbers and names in the message of `found`. */
  readonly values: { readonly [name: string]: string | number };
  /** One plain sentence. */
  readonly found: string;
  readonly whyItMatters: string;
  /** Null when no action is needed. */
  readonly whatToDo: string | null;
  /** The first ten affected objects; omitted when the finding is about none in particular. */
  readonly details?: readonly SafetyDetail[];
}

/** Whether the installation is safe: `GET /api/admin/diagnostics/safety`. */
export interface SafetyReport {
  readonly checkedAt: Instant;
  /** One for each of `SAFETY_CHECKS`, in that order. */
  readonly findings: readonly SafetyFinding[];
}
