import { Component } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatDialogModule } from '@angular/material/dialog';
import { TextPipe } from '../i18n/texts';

/** The keyboard shortcuts, each with the key of its text. */
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
  templateUrl: './shortcuts-help.html',
  styleUrl: './shortcuts-help.scss',
  imports: [MatButton, MatDialogModule, TextPipe],
})
export class ShortcutsHelp {
  protected readonly shortcuts = SHORTCUTS;
}
