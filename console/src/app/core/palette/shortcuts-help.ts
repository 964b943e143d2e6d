import { Component } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatDialogModule } from '@angular/material/dialog';
import { TranslocoPipe } from '@jsverse/transloco';

/** Which keys do what, each line with the key of its text. */
const SHORTCUTS = [
  { keys: ['Ctrl K', '⌘ K'], text: 'palette' },
  { keys: ['/'], text: 'search' },
  { keys: ['j', 'k'], text: 'rows' },
  { keys: ['Enter'], text: 'open' },
  { keys: ['?'], text: 'help' },
  { keys: ['Esc'], text: 'close' },
] as const;

/** The keys of the console. */
@Component({
  selector: 'ops-shortcuts-help',
  template: `
    <h2 mat-dialog-title>{{ 'palette.shortcuts.title' | transloco }}</h2>
    <mat-dialog-content>
      <dl>
        @for (shortcut of shortcuts; track shortcut.text) {
          <div>
            <dt>
              @for (key of shortcut.keys; track key) {
                <kbd>{{ key }}</kbd>
              }
            </dt>
            <dd>{{ 'palette.shortcuts.' + shortcut.text | transloco }}</dd>
          </div>
        }
      </dl>
    </mat-dialog-content>
    <mat-dialog-actions align="end">
      <button mat-button type="button" mat-dialog-close>{{ 'common.close' | transloco }}</button>
    </mat-dialog-actions>
  `,
  styleUrl: './shortcuts-help.scss',
  imports: [MatButton, MatDialogModule, TranslocoPipe],
})
export class ShortcutsHelp {
  protected readonly shortcuts = SHORTCUTS;
}
