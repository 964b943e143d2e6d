import type { CapsuleServiceId, ServiceAction } from '#contracts';

/** The context of a result's actions: its service, and what that service offers now. */
export interface ActContext {
  readonly serviceId: CapsuleServiceId;
  readonly serviceName: string;
  readonly serviceCode: string;
  /** Empty while unknown and for users who may not run actions. */
  readonly actions: readonly ServiceAction[];
}
