import { Component, computed, inject } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { TextPipe } from '../../../core/i18n/texts';
import { IfRole } from '../../../core/session/if-role';
import { AskAndDo } from '../../../shared/acts/ask-and-do';
import { SettingsApi } from '../settings-api';

/** What the server says needs attention although it works; nothing otherwise. An owner can confirm a clock in doubt. */
@Component({
  selector: 'ops-health-concerns',
  templateUrl: './health-concerns.html',
  styleUrl: '../section.scss',
  imports: [IfRole, MatButton, TextPipe],
})
export class HealthConcerns {
  readonly #api = inject(SettingsApi);
  readonly #askAndDo = inject(AskAndDo);
  readonly #health = this.#api.health();
  protected readonly concerns = computed(() => this.#health.value()?.concerns ?? []);

  protected async confirmClock(): Promise<void> {
    const texts = 'settings.health.clock';
    const asked = { texts, text: `${texts}.text`, params: {}, isDangerous: true } as const;
    await this.#askAndDo.run(asked, () => this.#api.confirmClock());
    this.#health.reload();
  }
}
