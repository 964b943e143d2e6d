import { SAFETY_CHECKS, type SafetyCheckId, type SafetyFinding } from '#contracts';
import { bootstrapPassword, secretAge, secretStrength } from './access-rules.js';
import { agentTokens, dangerousActions, exposedSecrets, registrationTokens } from './fleet-rules.js';
import { exposure, https, proxyHeaders, sessionCookie } from './network-rules.js';
import type { SafetyFacts } from './safety-facts.js';
import { auditRetention, backups, pendingMigrations } from './upkeep-rules.js';

const RULES: Readonly<Record<SafetyCheckId, (facts: SafetyFacts) => SafetyFinding>> = {
  'secret-strength': secretStrength,
  'secret-age': secretAge,
  'bootstrap-password': bootstrapPassword,
  'session-cookie': sessionCookie,
  'proxy-headers': proxyHeaders,
  https,
  exposure,
  'registration-tokens': registrationTokens,
  'agent-tokens': agentTokens,
  'dangerous-actions': dangerousActions,
  'exposed-secrets': exposedSecrets,
  backups,
  'audit-retention': auditRetention,
  migrations: pendingMigrations,
};

/** One finding for each thing that is looked at, in their order. */
export const judgeSafety = (facts: SafetyFacts): SafetyFinding[] => SAFETY_CHECKS.map((id) => RULES[id](facts));
