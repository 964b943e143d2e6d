import { TestBed } from '@angular/core/testing';
import { screenOf, startConsole } from '../../../../testing/console';
import { HealthBar } from './health-bar';
import type { HealthSegment } from './health-segments';

const draw = async (...segments: readonly HealthSegment[]) => {
  startConsole();
  const fixture = TestBed.createComponent(HealthBar);
  fixture.componentRef.setInput('segments', segments);
  fixture.componentRef.setInput('count', 4);
  const screen = await screenOf(fixture);
  return { bar: screen.one('.bar'), looks: screen.all('.bar span').map((column) => column.className) };
};

describe('HealthBar', () => {
  it('draws the worst of each part of the time, and where nothing was heard', async () => {
    const { looks } = await draw(
      { status: null, fromMs: 0, toMs: 100 },
      { status: 'UP', fromMs: 100, toMs: 250 },
      { status: 'DOWN', fromMs: 250, toMs: 260 },
      { status: 'UP', fromMs: 260, toMs: 400 },
    );
    expect(looks).toEqual(['NONE', 'UP', 'DOWN', 'UP']);
  });

  it('says the same in words', async () => {
    const { bar } = await draw({ status: 'UP', fromMs: 0, toMs: 300 }, { status: 'DOWN', fromMs: 300, toMs: 400 });
    expect(bar.getAttribute('role')).toBe('img');
    expect(bar.getAttribute('aria-label')).toBe(
      'Last 24 hours: up 75%, degraded 0%, down 25%, unknown 0%, not heard of 0%',
    );
  });

  it('says nothing while nothing is known, but keeps its place', async () => {
    const { bar, looks } = await draw();
    expect(looks).toEqual(['NONE', 'NONE', 'NONE', 'NONE']);
    expect(bar.hasAttribute('role')).toBe(false);
    expect(bar.hasAttribute('aria-label')).toBe(false);
  });
});
