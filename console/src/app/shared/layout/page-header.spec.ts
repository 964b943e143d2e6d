import { Component, signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { Router, TitleStrategy } from '@angular/router';
import { settled } from '../../../testing/backend';
import { goTo, startConsole } from '../../../testing/console';
import { Language } from '../../core/i18n/i18n';
import { PageTitle } from '../../core/shell/title-strategy';
import { PageHeader } from './page-header';

const name = signal('Till 1');

@Component({ template: '<ops-page-header [title]="name()" />', imports: [PageHeader] })
class Detail {
  readonly name = name.asReadonly();
}

@Component({ template: '' })
class List {}

const open = async (url: string): Promise<void> => {
  TestBed.configureTestingModule({ providers: [{ provide: TitleStrategy, useExisting: PageTitle }] });
  startConsole([
    { path: 'agents', title: 'nav.agents', component: List },
    { path: 'agents/:id', title: 'nav.agents', component: Detail },
  ]);
  await goTo(url);
};

describe('PageTitle', () => {
  it('names the page and the product, in the language of the user', async () => {
    await open('/agents');
    expect(document.title).toBe('Agents · Opstage CE');
    TestBed.inject(Language).choose('zh');
    await settled();
    expect(document.title).not.toContain('Agents');
  });

  it('names the thing that is shown, as long as it is', async () => {
    await open('/agents/agt_1');
    expect(document.title).toBe('Till 1 · Agents · Opstage CE');
    name.set('Till 2');
    await settled();
    expect(document.title).toBe('Till 2 · Agents · Opstage CE');
    await TestBed.inject(Router).navigateByUrl('/agents');
    await settled();
    expect(document.title).toBe('Agents · Opstage CE');
  });
});
