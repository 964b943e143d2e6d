import { computed, Directive, effect, inject, input, TemplateRef, ViewContainerRef } from '@angular/core';
import type { Role } from '#contracts';
import { Session } from './session';

/** Renders its content only for users with the role or a higher one: `*opsIfRole="'operator'"`. */
@Directive({ selector: '[opsIfRole]' })
export class IfRole {
  readonly role = input.required<Role>({ alias: 'opsIfRole' });
  readonly #session = inject(Session);
  readonly #isAllowed = computed(() => this.#session.allows(this.role()));

  constructor() {
    const template = inject(TemplateRef);
    const container = inject(ViewContainerRef);
    effect(() => {
      container.clear();
      if (this.#isAllowed()) container.createEmbeddedView(template);
    });
  }
}
