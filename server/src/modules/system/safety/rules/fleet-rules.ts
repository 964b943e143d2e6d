import type { SafetyFinding } from '#contracts';
import { pluralize, finding, listed, unknown } from '../finding.js';
import { MAX_AGENT_TOKEN_AGE_DAYS, MAX_UNUSED_DAYS, type SafetyFacts } from '../safety-facts.js';

/** Registration tokens that lie around. */
export const registrationTokens = ({ tokensWithoutExpiry, unusedTokens }: SafetyFacts): SafetyFinding => {
  if (!tokensWithoutExpiry || !unusedTokens) return unknown('registration-tokens');
  const forEver = listed('registration-tokens', tokensWithoutExpiry, {
    status: 'WARNING',
    situation: 'no-expiry',
    found: (count) => `${pluralize(count, 'active registration token')} without expiry.`,
    whatToDo: 'Revoke them, and make one that expires when an agent is to be enrolled.',
  });
  const unused = listed('registration-tokens', unusedTokens, {
    status: 'NOTICE',
    situation: 'unused',
    found: (count) => `${pluralize(count, 'active registration token')} unused for more than ${MAX_UNUSED_DAYS} days.`,
    whatToDo: 'Revoke those that nobody is about to use.',
  });
  const none = { status: 'OK', situation: 'none', found: 'No registration token lies around.' } as const;
  return forEver ?? unused ?? finding('registration-tokens', none);
};

/** Agents whose token has not been changed for long. */
export const agentTokens = ({ oldAgentTokens }: SafetyFacts): SafetyFinding => {
  if (!oldAgentTokens) return unknown('agent-tokens');
  return (
    listed('agent-tokens', oldAgentTokens, {
      status: 'NOTICE',
      situation: 'old',
      found: (count) => `${pluralize(count, 'agent')} with a token older than ${MAX_AGENT_TOKEN_AGE_DAYS} days.`,
      whatToDo: 'Enrol them again with a registration token made for them; revoke those that are no longer there.',
    }) ?? finding('agent-tokens', { status: 'OK', situation: 'young', found: 'No agent has an old token.' })
  );
};

/** Actions of danger HIGH that run without being confirmed. */
export const dangerousActions = ({ unconfirmedActions }: SafetyFacts): SafetyFinding => {
  if (!unconfirmedActions) return unknown('dangerous-actions');
  return (
    listed('dangerous-actions', unconfirmedActions, {
      status: 'WARNING',
      situation: 'unconfirmed',
      found: (count) => `${pluralize(count, 'action')} of danger HIGH without confirmation.`,
      whatToDo: 'Have their services declare requiresConfirmation for them.',
    }) ??
    finding('dangerous-actions', {
      status: 'OK',
      situation: 'none',
      found: 'Every action of danger HIGH wants a confirmation.',
    })
  );
};

/** Configuration that reads like a secret and is not marked as one. */
export const exposedSecrets = ({ exposedItems }: SafetyFacts): SafetyFinding => {
  if (!exposedItems) return unknown('exposed-secrets');
  return (
    listed('exposed-secrets', exposedItems, {
      status: 'WARNING',
      situation: 'unmarked',
      found: (count) => `${pluralize(count, 'config item')} that may be secret, and not marked sensitive.`,
      whatToDo: 'Have their services report them as sensitive; what is stored of them is gone with the next report.',
    }) ??
    finding('exposed-secrets', {
      status: 'OK',
      situation: 'none',
      found: 'No config item looks like a secret that is not marked as one.',
    })
  );
};
