import { snippetsFor } from './snippets';

const ORIGIN = 'https://ops.example';
const textOf = (label: string, agentCode: string | null): string =>
  snippetsFor('opstage_reg_x', agentCode, ORIGIN).find((one) => one.label.endsWith(label))?.text ?? '';

describe('snippetsFor', () => {
  it.each(['node', 'docker', 'curl'])('names server, token and agent for %s', (label) => {
    for (const part of [ORIGIN, 'opstage_reg_x', 'till-9']) expect(textOf(label, 'till-9')).toContain(part);
  });

  it('stands a name in where the token is for any agent', () => {
    expect(textOf('docker', null)).toContain('OPSTAGE_AGENT_CODE=my-service');
  });

  it('has curl send what an agent sends', () => {
    const body = /-d '(.*)'/.exec(textOf('curl', 'till-9'))?.[1] ?? '';
    expect(JSON.parse(body)).toEqual({ registrationToken: 'opstage_reg_x', agent: { code: 'till-9' } });
    expect(textOf('curl', 'till-9')).toContain(`curl -X POST ${ORIGIN}/api/agents/register`);
  });
});
