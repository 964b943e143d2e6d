import { aServiceDetail } from '../../../../testing/builders';
import { address, visit } from '../../../../testing/visit';
import { servicesRoutes } from '../services.routes';

const open = async (query = '') => {
  const routes = [{ path: 'services', children: servicesRoutes }];
  const visited = await visit(`/services/svc_1?tab=manifest${query}`, routes, 'viewer');
  const { manifest } = aServiceDetail();
  const service = aServiceDetail({ manifest: { ...manifest, labels: { team: 'shop' }, extra: '<b>bold</b>' } });
  await visited.backend.answer('/api/admin/capsule-services/svc_1', service);
  return visited;
};

describe('ServiceManifest', () => {
  it('is a tree to open and close, with all the service sent', async () => {
    const { screen } = await open();
    expect(screen.text).toContain('schemaVersion');
    const branch = screen.one('button.branch');
    const before = branch.getAttribute('aria-expanded');
    branch.click();
    await screen.click('Tree');
    expect(branch.getAttribute('aria-expanded')).not.toBe(before);
  });

  it('is the JSON that was sent, by its address', async () => {
    const { screen } = await open();
    await screen.click('Raw JSON');
    expect(address()).toBe('/services/svc_1?tab=manifest&view=raw');
    expect(JSON.parse(screen.one('pre').textContent)).toMatchObject({ kind: 'CapsuleService', extra: '<b>bold</b>' });
  });

  it('opens as JSON where the address says so', async () => {
    const { screen } = await open('&view=raw');
    expect(screen.all('pre')).toHaveLength(1);
    expect(screen.all('ops-json-tree')).toEqual([]);
  });

  it('draws what the service sent as text', async () => {
    const { screen } = await open();
    expect(screen.text).toContain('<b>bold</b>');
    expect(screen.all('ops-json-tree b')).toEqual([]);
  });
});
