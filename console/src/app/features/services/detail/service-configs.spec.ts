import { TestBed } from '@angular/core/testing';
import type { ConfigItem } from '#contracts';
import { NOW } from '../../../../testing/builders';
import { screenOf, startConsole } from '../../../../testing/console';
import { ServiceConfigs } from './service-configs';

const anItem = (overrides: Partial<ConfigItem> = {}): ConfigItem => ({
  id: 'cfg_1',
  serviceId: 'svc_1',
  key: 'shelf.count',
  type: 'number',
  label: null,
  source: null,
  editable: false,
  sensitive: false,
  configured: true,
  valuePreview: null,
  defaultValue: null,
  secretRef: null,
  updatedAt: NOW,
  ...overrides,
});

const draw = async (...configs: readonly ConfigItem[]) => {
  startConsole();
  const fixture = TestBed.createComponent(ServiceConfigs);
  fixture.componentRef.setInput('configs', configs);
  return screenOf(fixture);
};

describe('ServiceConfigs', () => {
  it.each([
    [{ valuePreview: 3 }, '3'],
    [{ valuePreview: 'three' }, 'three'],
    [{ valuePreview: false }, 'false'],
    [{ valuePreview: { a: [1] } }, '{"a":[1]}'],
    [{ defaultValue: 5 }, '5(default)'],
    [{ valuePreview: 3, defaultValue: 5 }, '3'],
    [{}, 'Not set'],
  ])('shows %j as %s', async (item, text) => {
    const screen = await draw(anItem(item));
    expect(screen.texts('tbody td')[1]).toBe(text);
  });

  it.each([
    [true, 'Configured'],
    [false, 'Not configured'],
  ])('says of a secret only whether it is set: %p', async (configured, text) => {
    const item = { sensitive: true, configured, valuePreview: 'leaked', defaultValue: 'leaked too' };
    const screen = await draw(anItem(item));
    expect(screen.texts('tbody td')[1]).toBe(text);
    expect(screen.text).not.toContain('leaked');
  });

  it('tells what an item is called, of what type it is and where it comes from', async () => {
    const screen = await draw(anItem({ label: 'Shelves', source: 'env', secretRef: 'vault:x' }));
    expect(screen.texts('tbody td')).toEqual(['Shelvesshelf.count', 'Not setenv', 'number', 'env vault:x']);
  });

  it('says so when there are none', async () => {
    const screen = await draw();
    expect(screen.text).toContain('This service reports no configuration items.');
    expect(screen.all('table')).toEqual([]);
  });
});
