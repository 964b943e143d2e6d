import { httpResource } from '@angular/common/http';
import { Component, computed, DOCUMENT, inject, input, output } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatDialogModule } from '@angular/material/dialog';
import { MatIcon } from '@angular/material/icon';
import { MatProgressBar } from '@angular/material/progress-bar';
import { MatTabsModule } from '@angular/material/tabs';
import { RouterLink } from '@angular/router';
import type { CreatedRegistrationToken, Page, RegistrationToken } from '#contracts';
import { TextPipe } from '../../../core/i18n/texts';
import type { LiveResource } from '../../../core/live/live-resource';
import { CopyButton } from '../../../shared/copy/copy-button';
import { RelativeTime } from '../../../shared/format/relative-time';
import { isReadableOnTheWay, snippetsFor } from './snippets';

/** Shows a new token once, with snippets to paste, and waits for the agent that uses it. */
@Component({
  selector: 'ops-created-token',
  templateUrl: './created-token.html',
  styleUrl: './created-token.scss',
  imports: [
    CopyButton,
    MatButton,
    MatDialogModule,
    MatIcon,
    MatProgressBar,
    MatTabsModule,
    RelativeTime,
    RouterLink,
    TextPipe,
  ],
})
export class CreatedToken {
  readonly token = input.required<CreatedRegistrationToken>();
  readonly tokens = input.required<LiveResource<Page<RegistrationToken>>>();
  readonly done = output();
  readonly #location = inject(DOCUMENT).location;
  /** What the server offers of the SDK; without it the other snippets still work. */
  readonly #sdk = httpResource<{ readonly recommended: string }>(() => '/sdk/index.json');

  protected readonly isReadableOnTheWay = isReadableOnTheWay(this.#location);
  /** Empty until it is known which there are: the first one is shown. */
  protected readonly snippets = computed(() => {
    if (this.#sdk.isLoading()) return [];
    const { token, agentCode } = this.token();
    const sdkFile = this.#sdk.hasValue() ? this.#sdk.value().recommended : null;
    return snippetsFor({ token, agentCode, origin: this.#location.origin, sdkFile });
  });
  /** The token as the list has it now. */
  protected readonly current = computed<RegistrationToken>(
    () =>
      this.tokens()
        .value()
        ?.data.find(({ id }) => id === this.token().id) ?? this.token(),
  );
}
