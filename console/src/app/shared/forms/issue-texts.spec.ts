import { TestBed } from '@angular/core/testing';
import { TranslocoService } from '@jsverse/transloco';
import { startConsole } from '../../../testing/console';
import { IssueTexts } from './issue-texts';

const start = (): IssueTexts => {
  startConsole();
  return TestBed.inject(IssueTexts);
};

describe('IssueTexts', () => {
  it.each([
    ['newPassword is one of the most used passwords', 'This is one of the most used passwords.'],
    ['password must not contain the user name', 'The user name must not be in it.'],
    ['name should not be empty', 'This is needed.'],
    ["must have required property 'text'", 'This is needed.'],
    ['displayName must be shorter than or equal to 200 characters', 'At most 200 characters.'],
    ['must NOT have fewer than 3 characters', 'At least 3 characters.'],
    [
      'newPassword must be longer than or equal to 12 and shorter than or equal to 128 characters',
      '12 to 128 characters.',
    ],
    ['agentCode must match /^[a-z]+$/ regular expression', 'This does not have the form that is needed.'],
    ['must match pattern "^a+$"', 'This does not have the form that is needed.'],
    ['must match format "date-time"', 'This is no date-time.'],
    ['role must be one of the following values: owner, viewer', 'This is not one of the choices.'],
    ['must be equal to one of the allowed values', 'This is not one of the choices.'],
    ['auditRetentionDays must not be less than 0', 'At least 0.'],
    ['must be <= 12.5', 'At most 12.5.'],
    ['must be > -1', 'More than -1.'],
    ['must be multiple of 5', 'A multiple of 5.'],
    ['page must be an integer number', 'A whole number is needed.'],
    ['must be string', 'This is not the right kind of value.'],
    ['must NOT have more than 2 items', 'At most 2 entries.'],
    ['must NOT have duplicate items (items ## 1 and 0 are identical)', 'An entry is there twice.'],
    ['property colour should not exist', 'This is not a known field.'],
  ])('says of “%s”: %s', (message, text) => {
    expect(start().of(message)).toBe(text);
  });

  it('says it in Chinese', () => {
    const texts = start();
    TestBed.inject(TranslocoService).setActiveLang('zh');
    expect(texts.of('must NOT have more than 5 characters')).toBe('最多 5 个字符。');
  });

  it('keeps the server’s own words for a rule it does not know', () => {
    const words = 'username must be 1 to 80 letters, digits or any of . _ @ -';
    expect(start().of(words)).toBe(words);
  });
});
