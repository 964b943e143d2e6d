import { Component, input } from '@angular/core';
import type { AgentWarning } from '#contracts';
import { TextPipe } from '../../core/i18n/texts';
import { RelativeTime } from '../format/relative-time';

/** What the server could not keep as an agent sent it; nothing while everything was kept. */
@Component({
  selector: 'ops-report-warnings',
  imports: [RelativeTime, TextPipe],
  templateUrl: './report-warnings.html',
  styles: `
    section {
      margin-bottom: 16px;
      overflow-wrap: anywhere;
    }

    ul {
      margin: 0;
      padding-left: 20px;
    }
  `,
})
export class ReportWarnings {
  readonly warnings = input.required<readonly AgentWarning[]>();
}
