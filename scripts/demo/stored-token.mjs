import { readFileSync } from 'node:fs';

const REQUEST_TIMEOUT_MS = 5000;

/** What the demo stored when it registered, or null when there is nothing for this agent code. */
export const readStored = ({ tokenFile, agentCode }) => {
  try {
    const stored = JSON.parse(readFileSync(tokenFile, 'utf8'));
    return stored.agentCode === agentCode ? stored : null;
  } catch {
    return null;
  }
};

/**
 * Whether the demo has a token of its own that the server takes: it asks by a heartbeat. A disabled agent has one too:
 * a new registration would not enable it.
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
