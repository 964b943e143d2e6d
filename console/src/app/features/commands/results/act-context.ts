import type { CapsuleServiceId, ServiceAction } from '#contracts';

/** What the acts of a result need to know: whose result it is, and what that service can do now. */
export interface ActContext {
  readonly serviceId: CapsuleServiceId;
  readonly serviceName: string;
  readonly serviceCode: string;
  /** Empty while unknown, and for who may run nothing. */
  readonly actions: readonly ServiceAction[];
}
