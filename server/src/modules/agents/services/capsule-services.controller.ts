import { Body, Get, Param, Post, Query } from '@nestjs/common';
import type {
  CapsuleService,
  CapsuleServiceDetail,
  ConfigItem,
  HealthStrip,
  Manifest,
  ServiceAction,
  ServiceHealthAnswer,
} from '#contracts';
import type { UserActor } from '../../../common/actor.js';
import type { PageResult } from '../../../database/lists/page.js';
import { Access, AdminController, CurrentUser } from '../../../http/access.js';
import { CapsuleServicesService } from './capsule-services.service.js';
import {
  HealthHistoryQuery,
  HealthStripsQuery,
  ListServicesQuery,
  MoveServiceBody,
  ServiceParams,
} from './dto/services.dto.js';

/** The operators' routes for services; those that run actions are in the commands module. */
@AdminController('capsule-services')
export class CapsuleServicesController {
  constructor(private readonly services: CapsuleServicesService) {}

  /** Lists services by name; `status` follows from the service and its agent. */
  @Get()
  @Access('viewer')
  list(@Query() query: ListServicesQuery): Promise<PageResult<CapsuleService>> {
    return this.services.list(query);
  }

  /** The last 24 hours of health of up to 100 services: the worst status of every half hour. */
  @Get('health-strips')
  @Access('viewer')
  healthStrips(@Query() query: HealthStripsQuery): Promise<HealthStrip[]> {
    return this.services.healthStrips(query);
  }

  /** A service with its manifest, latest health, configs and actions. */
  @Get(':id')
  @Access('viewer')
  get(@Param() { id }: ServiceParams): Promise<CapsuleServiceDetail> {
    return this.services.getById(id);
  }

  /** The manifest as reported. */
  @Get(':id/manifest')
  @Access('viewer')
  manifest(@Param() { id }: ServiceParams): Promise<Manifest> {
    return this.services.getManifest(id);
  }

  /** The present health and the transitions, newest first. */
  @Get(':id/health')
  @Access('viewer')
  health(@Param() { id }: ServiceParams, @Query() range: HealthHistoryQuery): Promise<ServiceHealthAnswer> {
    return this.services.getHealth(id, range);
  }

  /** The configuration items; a sensitive one shows only whether it is set. */
  @Get(':id/configs')
  @Access('viewer')
  configs(@Param() { id }: ServiceParams): Promise<ConfigItem[]> {
    return this.services.getConfigs(id);
  }

  /** The declared actions. */
  @Get(':id/actions')
  @Access('viewer')
  actions(@Param() { id }: ServiceParams): Promise<ServiceAction[]> {
    return this.services.getActions(id);
  }

  /** Gives the service to another agent, which must be online. Commands that wait for it are cancelled. */
  @Post(':id/move')
  @Access('operator')
  move(
    @CurrentUser() actor: UserActor,
    @Param() { id }: ServiceParams,
    @Body() { agentId }: MoveServiceBody,
  ): Promise<CapsuleServiceDetail> {
    return this.services.move(actor, id, agentId);
  }
}
