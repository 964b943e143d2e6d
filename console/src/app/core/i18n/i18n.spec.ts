import { ApplicationInitStatus } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { TranslocoService } from '@jsverse/transloco';
import { provideI18n } from './i18n';

/** The application's own texts, as they are when the first page is drawn. */
const texts = async (): Promise<TranslocoService> => {
  TestBed.configureTestingModule({ providers: [provideI18n()] });
  await TestBed.inject(ApplicationInitStatus).donePromise;
  return TestBed.inject(TranslocoService);
};

describe('the texts of the console', () => {
  it.each([
    ['{{x}}'],
    ['{{ name }}'],
    ['{{name}} {{ name }}'],
    ['{{ common.close }}'],
    ['$& $1 $$'],
    ['{{'],
    ['{{constructor}}'],
  ])('show a name such as %s as it is', async (name) => {
    const transloco = await texts();
    expect(transloco.translate('common.removeFilter', { name })).toBe(`Do not filter by ${name}`);
  });

  it('take what is filled in for one thing for no other', async () => {
    const transloco = await texts();
    const params = { action: '{{ service }}', service: '{{ action }}' };
    expect(transloco.translate('dashboard.actionOn', params)).toBe('{{ service }} on {{ action }}');
  });

  it('leave out what is not known', async () => {
    const transloco = await texts();
    expect(transloco.translate('dashboard.actionOn', { action: 'Count', service: null })).toBe('Count on ');
  });

  it('are there in Chinese too', async () => {
    localStorage.setItem('opstage.language', 'zh');
    const transloco = await texts();
    expect(transloco.translate('common.removeFilter', { name: '{{x}}' })).toContain('{{x}}');
  });
});
