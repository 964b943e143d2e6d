import { Injectable } from '@angular/core';
import type { SafetyFinding, SafetyReport } from '#contracts';
import { liveResource, type LiveResource } from '../../core/live/live-resource';

@Injectable({ providedIn: 'root' })
export class SafetyApi {
  /** Read while `isAsked`; a page of its own follows it, and elsewhere it is read once. */
  report(isAsked: () => boolean, live: () => boolean): LiveResource<SafetyReport> {
    return liveResource<SafetyReport>(() => (isAsked() ? '/api/admin/diagnostics/safety' : undefined), { live });
  }
}

/** Whether it needs action. */
export const needsSomeone = ({ status }: SafetyFinding): boolean => status === 'WARNING' || status === 'CRITICAL';
