import { passwordIssues } from './password-policy.js';

const messagesOf = async (password: string, username = 'ada'): Promise<readonly string[]> =>
  (await passwordIssues('newPassword', password, username)).map(({ message }) => message);

const COMMON = ['newPassword is one of the most used passwords'];
const NAMED = ['newPassword must not contain the user name'];

describe('a new password', () => {
  it.each([
    'password1234',
    'PassWord1234',
    'Password2026!!',
    '!!!!!Football1',
    '  qwertyuiop  ',
    'dragon-2026-11-28',
    'passwordpassword',
    'Monkey99Monkey99',
    '123456123456',
  ])('must not be one of the most used ones, even with additions: %s', async (password) => {
    expect(await messagesOf(password)).toEqual(COMMON);
  });

  it.each([
    'correct horse battery',
    'kW8_vq3rTz-LmPx2',
    '八百標兵奔北坡炮兵並排北邊跑',
    'the password is long',
    '9402-7715-3380-1264',
  ])('needs no particular kinds of characters: %s', async (password) => {
    expect(await messagesOf(password)).toEqual([]);
  });

  it('does not contain the user name in any case, unless the name is very short', async () => {
    expect(await messagesOf('not for ADA alone')).toEqual(NAMED);
    expect(await messagesOf('not for ADA alone', 'grace')).toEqual([]);
    expect(await messagesOf('not for ADA alone', 'a')).toEqual([]);
  });

  it('has 12 to 256 characters', async () => {
    const length = ['newPassword must have 12 to 256 characters'];
    expect(await messagesOf('z'.repeat(2) + 'unusual!!')).toEqual(length);
    expect(await messagesOf('unusual? '.repeat(29))).toEqual(length);
    expect(await messagesOf(`${'unusual? '.repeat(28)}1234`)).toEqual([]);
  });
});
