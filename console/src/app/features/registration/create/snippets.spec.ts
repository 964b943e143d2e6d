import { isReadableOnTheWay, snippetsFor } from './snippets';

const ORIGIN = 'https://ops.example';
const FACTS = { token: 'opstage_reg_x', origin: ORIGIN, sdkFile: 'opstage-agent-1.2.3.tgz', agentCode: 'till-9' };
const textOf = (label: string, agentCode: string | null = 'till-9'): string =>
  snippetsFor({ ...FACTS, agentCode }).find((one) => one.label.endsWith(label))?.text ?? '';

describe('snippetsFor', () => {
  it.each(['node', 'python', 'curl'])('names server, token and agent for %s', (label) => {
    for (const part of [ORIGIN, 'opstage_reg_x', 'till-9']) expect(textOf(label)).toContain(part);
  });

  it('installs the SDK of this server, writes a service and starts it, in three lines', () => {
    const [install, write, start, ...rest] = textOf('node').split('\n');
    expect(install).toBe(`npm install ${ORIGIN}/sdk/opstage-agent-1.2.3.tgz`);
    expect(write).toMatch(/^echo "import .*" > agent\.mjs$/);
    expect(start).toMatch(/ node agent\.mjs$/);
    expect(rest).toEqual([]);
  });

  it('offers only what works while the SDK is not known', () => {
    expect(snippetsFor({ ...FACTS, sdkFile: null }).map(({ label }) => label)).toEqual(['registration.snippets.curl']);
  });

  it('stands a name in where the token is for any agent', () => {
    expect(textOf('node', null)).toContain('OPSTAGE_AGENT_CODE=my-service');
  });

  it('has curl send what an agent sends', () => {
    const body = /-d '(.*)'/.exec(textOf('curl'))?.[1] ?? '';
    expect(JSON.parse(body)).toEqual({ registrationToken: 'opstage_reg_x', agent: { code: 'till-9' } });
    expect(textOf('curl')).toContain(`curl -X POST ${ORIGIN}/api/agents/register`);
  });
});

describe('isReadableOnTheWay', () => {
  it.each([
    ['http://ops.example', true],
    ['http://10.0.0.7:8080', true],
    ['https://ops.example', false],
    ['http://localhost:8080', false],
    ['http://127.0.0.1:8080', false],
    ['http://[::1]:8080', false],
  ])('%s: %s', (address, expected) => {
    expect(isReadableOnTheWay(new URL(address))).toBe(expected);
  });
});
