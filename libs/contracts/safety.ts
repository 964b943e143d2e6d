import type { AuditTargetType } from './enums.js';
import type { Instant } from './ids.js';

/** What is looked at to say whether an installation is safe, in the order it is shown. */
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
  'migrations',
] as const;
export type SafetyCheckId = (typeof SAFETY_CHECKS)[number];

/** From fine to what is to be put right at once; `UNKNOWN` when it could not be found out. */
export const SAFETY_STATUSES = ['OK', 'NOTICE', 'WARNING', 'CRITICAL', 'UNKNOWN'] as const;
export type SafetyStatus = (typeof SAFETY_STATUSES)[number];

/** Something a finding is about. */
export interface SafetyDetail {
  readonly targetType: AuditTargetType;
  readonly targetId: string;
  /** What it is called; for an action or a config item, its service and its own name. */
  readonly name: string;
}

/** What one check found. */
export interface SafetyFinding {
  readonly id: SafetyCheckId;
  readonly status: SafetyStatus;
  /** Which of the things this check can find, as a stable name: with `values`, enough to say it in another language. */
  readonly situation: string;
  /** The numbers and names that `found` mentions. */
  readonly values: { readonly [name: string]: string | number };
  /** One plain sentence. */
  readonly found: string;
  readonly whyItMatters: string;
  /** Null when there is nothing to do. */
  readonly whatToDo: string | null;
  /** The first ten it is about; left out when it is about no thing in particular. */
  readonly details?: readonly SafetyDetail[];
}

/** Whether the installation is safe to use: `GET /api/admin/diagnostics/safety`. */
export interface SafetyReport {
  readonly checkedAt: Instant;
  /** One for each of `SAFETY_CHECKS`, in their order. */
  readonly findings: readonly SafetyFinding[];
}
