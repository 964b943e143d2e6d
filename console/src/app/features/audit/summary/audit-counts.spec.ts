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
    error: signal(null),
    isLoading: signal(false),
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

describe('the counts beside the list', () => {
  it('leave every turn to the list while it shows nothing that they have not', () => {
    const { counts, reloads } = play();
    expect(counts.takeTurn('time')).toBe(false);
    expect(counts.takeTurn('news')).toBe(false);
    expect(reloads()).toBe(0);
  });

  it('take a turn when the list has something newer, but not when there is news', () => {
    const { counts, newest, reloads } = play();
    newest.set(NOW);
    expect(counts.takeTurn('news')).toBe(false);
    expect(counts.takeTurn('time')).toBe(true);
    expect(reloads()).toBe(1);
  });

  it('ask for a moving range as it is by then, and not before', () => {
    const { counts, newest, reloads, search } = play({ isMoving: true });
    newest.set(NOW);
    const before = search();
    expect(search()).toBe(before);
    expect(counts.takeTurn('time')).toBe(true);
    expect(search()).not.toBe(before);
    expect(reloads()).toBe(0);
  });

  it('take no turn before they are there', () => {
    const { counts, newest } = play({ isThere: false });
    newest.set(NOW);
    expect(counts.takeTurn('time')).toBe(false);
  });
});
