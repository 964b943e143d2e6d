import { readFileSync } from 'node:fs';

const REQUEST_TIMEOUT_MS = 5000;

/** The credential the demo stored when it registered; null without one for this agent code. */
export const readStored = ({ tokenFile, agentCode }) => {
  try {
    const stored = JSON.parse(readFileSync(tokenFile, 'utf8'));
    return stored.agentCode === agentCode ? stored : null;
  } catch {
    return null;
  }
};

/**
 * Whether the server accepts the demo's stored token, checked with a heartbeat. True for a disabled agent: a new
 * registration would not enable it.
 */
export const hasValidToken = async (settings, stored) => {
  if (stored === null) return false;
  const response = await fetch(`${settings.backendUrl}/api/agents/${encodeURIComponent(stored.agentId)}/heartbeat`, {
    method: 'POST',
    headers: { authorization: `Bearer ${stored.agentToken}`, 'content-type': 'application/json' },
    body: '{}',
    signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
  });
  if (response.ok) return true;
  const { error } = await response.json();
  return error?.code === 'AGENT_DISABLED' || response.status >= 500;
};
