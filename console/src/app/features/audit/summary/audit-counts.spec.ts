import { signal } from '@angular/core';
import type { AuditSummary } from '#contracts';
import { anAuditEvent, anAuditSummary, NOW } from '../../../../testing/builders';
import type { LiveResource } from '../../../core/live/live-resource';
import type { AuditApi } from '../audit-api';
import type { AuditFilters } from '../audit-filters';
import { auditCounts } from './audit-counts';

const OLDER = '2026-05-04T09:59:59.999Z';

const play = ({ isMoving = false, isThere = true } = {}) => {
  const newest = signal(OLDER);
  let reloads = 0;
  let search: () => string = () => '';
  const resource: LiveResource<AuditSummary> = {
    value: signal(isThere ? anAuditSummary({ to: NOW }) : undefined),
    isOfThisAddress: signal(true),
    error: signal(null),
    isLoading: signal(false),
    isRefreshing: signal(false),
    reload: () => {
      reloads += 1;
    },
  };
  const api: Pick<AuditApi, 'summary'> = {
    summary: (asked) => {
      search = asked;
      return resource;
    },
  };
  let moments = 0;
  const filters: Pick<AuditFilters, 'atOnce' | 'isMoving'> = {
    atOnce: () => `from=${(moments += 1)}`,
    isMoving: signal(isMoving),
  };
  const counts = auditCounts(api, filters, () => [anAuditEvent({ createdAt: newest() })]);
  return { counts, newest, reloads: () => reloads, search: () => search() };
};

describe('the audit counts', () => {
  it('are up to date while the list shows nothing newer', () => {
    const { counts, newest } = play();
    expect(counts.areBehind()).toBe(false);
    newest.set(NOW);
    expect(counts.areBehind()).toBe(true);
  });

  it('are read again in place, or at another address when the range moves', () => {
    const fixed = play();
    fixed.counts.readAgain();
    expect(fixed.reloads()).toBe(1);

    const moving = play({ isMoving: true });
    const before = moving.search();
    expect(moving.search()).toBe(before);
    moving.counts.readAgain();
    expect(moving.search()).not.toBe(before);
    expect(moving.reloads()).toBe(0);
  });

  it('are not behind before they are there', () => {
    const { counts, newest } = play({ isThere: false });
    newest.set(NOW);
    expect(counts.areBehind()).toBe(false);
  });
});
