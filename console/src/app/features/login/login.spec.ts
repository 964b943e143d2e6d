import { aSession } from '../../../testing/builders';
import { goTo, startConsole } from '../../../testing/console';
import { address, elsewhere } from '../../../testing/visit';
import { loginRoutes } from './login.routes';

const LOGIN = '/api/admin/auth/login';
const NAME = 'User name';
const PASSWORD = 'Password';
const password = 'a long password';

const open = async (url = '/login') => {
  const backend = startConsole([{ path: 'login', children: loginRoutes }, elsewhere]);
  const screen = await goTo(url);
  const signIn = async (): Promise<void> => {
    await screen.fill(NAME, 'kim');
    await screen.fill(PASSWORD, password);
    await screen.click('Sign in');
  };
  return { backend, screen, signIn };
};

describe('Login', () => {
  it('signs in, and goes to the overview', async () => {
    const { backend, signIn } = await open();
    await signIn();
    const { request } = await backend.answer(LOGIN, aSession(), 'POST');
    expect(request.body).toEqual({ username: 'kim', password });
    expect(address()).toBe('');
  });

  it('goes to the page that asked for the sign-in', async () => {
    const { backend, signIn } = await open('/login?returnTo=%2Fagents%3Fstatus%3DONLINE');
    await signIn();
    await backend.answer(LOGIN, aSession(), 'POST');
    expect(address()).toBe('/agents?status=ONLINE');
  });

  it.each(['//evil.example', 'https://evil.example', 'evil'])('does not follow %s', async (target) => {
    const { backend, signIn } = await open(`/login?returnTo=${encodeURIComponent(target)}`);
    await signIn();
    await backend.answer(LOGIN, aSession(), 'POST');
    expect(address()).toBe('');
  });

  it('says that name or password is wrong, keeps the name and forgets the password', async () => {
    const { backend, screen, signIn } = await open();
    await signIn();
    await backend.refuse(LOGIN, 'UNAUTHORIZED', { method: 'POST' });
    expect(screen.one('[role=alert]').textContent.trim()).toBe('The user name or the password is wrong.');
    expect(screen.field(NAME).value).toBe('kim');
    expect(screen.field(PASSWORD).value).toBe('');
    expect(address()).toBe('/login');
  });

  it('says in the server’s words why it failed otherwise', async () => {
    const { backend, screen, signIn } = await open();
    await signIn();
    await backend.refuse(LOGIN, 'RATE_LIMITED', { method: 'POST', message: 'Too many tries; wait a minute.' });
    expect(screen.one('[role=alert]').textContent.trim()).toBe('Too many tries; wait a minute.');
  });

  it('sends nothing while something is missing', async () => {
    const { backend, screen } = await open();
    await screen.click('Sign in');
    expect([NAME, PASSWORD].map((label) => screen.faultOf(label))).toEqual(['This is needed.', 'This is needed.']);
    backend.expectNoMore();
  });

  it('sends once, however often it is asked to', async () => {
    const { backend, screen, signIn } = await open();
    await signIn();
    expect((screen.named('Signing in…') as HTMLButtonElement).disabled).toBe(true);
    screen.one('form').dispatchEvent(new Event('submit'));
    await backend.answer(LOGIN, aSession(), 'POST');
    backend.expectNoMore();
  });

  it('can be read in the other language', async () => {
    const { screen } = await open();
    await screen.click('中文');
    expect(screen.text).toContain('登录');
    expect(document.documentElement.lang).toBe('zh');
    await screen.click('English');
    expect(screen.names()).toContain('Sign in');
  });
});
