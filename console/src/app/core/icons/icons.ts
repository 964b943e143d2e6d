import { inject } from '@angular/core';
import { MatIconRegistry } from '@angular/material/icon';
import { DomSanitizer } from '@angular/platform-browser';
import account from '@material-symbols/svg-400/outlined/account_circle.svg';
import add from '@material-symbols/svg-400/outlined/add.svg';
import block from '@material-symbols/svg-400/outlined/block.svg';
import check from '@material-symbols/svg-400/outlined/check_circle.svg';
import chevronLeft from '@material-symbols/svg-400/outlined/chevron_left.svg';
import chevronRight from '@material-symbols/svg-400/outlined/chevron_right.svg';
import close from '@material-symbols/svg-400/outlined/close.svg';
import cloudOff from '@material-symbols/svg-400/outlined/cloud_off.svg';
import copy from '@material-symbols/svg-400/outlined/content_copy.svg';
import contrast from '@material-symbols/svg-400/outlined/contrast.svg';
import dashboard from '@material-symbols/svg-400/outlined/dashboard.svg';
import database from '@material-symbols/svg-400/outlined/database.svg';
import remove from '@material-symbols/svg-400/outlined/delete.svg';
import download from '@material-symbols/svg-400/outlined/download.svg';
import edit from '@material-symbols/svg-400/outlined/edit.svg';
import error from '@material-symbols/svg-400/outlined/error.svg';
import fullscreen from '@material-symbols/svg-400/outlined/fullscreen.svg';
import fullscreenExit from '@material-symbols/svg-400/outlined/fullscreen_exit.svg';
import users from '@material-symbols/svg-400/outlined/group.svg';
import help from '@material-symbols/svg-400/outlined/help.svg';
import audit from '@material-symbols/svg-400/outlined/history.svg';
import hourglass from '@material-symbols/svg-400/outlined/hourglass_empty.svg';
import info from '@material-symbols/svg-400/outlined/info.svg';
import token from '@material-symbols/svg-400/outlined/key.svg';
import chevronDown from '@material-symbols/svg-400/outlined/keyboard_arrow_down.svg';
import secret from '@material-symbols/svg-400/outlined/lock.svg';
import password from '@material-symbols/svg-400/outlined/lock_reset.svg';
import logout from '@material-symbols/svg-400/outlined/logout.svg';
import menu from '@material-symbols/svg-400/outlined/menu.svg';
import health from '@material-symbols/svg-400/outlined/monitor_heart.svg';
import more from '@material-symbols/svg-400/outlined/more_vert.svg';
import passkey from '@material-symbols/svg-400/outlined/passkey.svg';
import play from '@material-symbols/svg-400/outlined/play_arrow.svg';
import refresh from '@material-symbols/svg-400/outlined/refresh.svg';
import agent from '@material-symbols/svg-400/outlined/robot_2.svg';
import schedule from '@material-symbols/svg-400/outlined/schedule.svg';
import search from '@material-symbols/svg-400/outlined/search.svg';
import settings from '@material-symbols/svg-400/outlined/settings.svg';
import command from '@material-symbols/svg-400/outlined/terminal.svg';
import translate from '@material-symbols/svg-400/outlined/translate.svg';
import confirm from '@material-symbols/svg-400/outlined/verified_user.svg';
import visible from '@material-symbols/svg-400/outlined/visibility.svg';
import hidden from '@material-symbols/svg-400/outlined/visibility_off.svg';
import warning from '@material-symbols/svg-400/outlined/warning.svg';
import service from '@material-symbols/svg-400/outlined/widgets.svg';

/** Every icon of the console, bundled, so that none is loaded from elsewhere. */
const ICONS = {
  account,
  add,
  agent,
  audit,
  block,
  check,
  'chevron-down': chevronDown,
  'chevron-left': chevronLeft,
  'chevron-right': chevronRight,
  close,
  'cloud-off': cloudOff,
  command,
  confirm,
  contrast,
  copy,
  dashboard,
  database,
  download,
  edit,
  error,
  fullscreen,
  'fullscreen-exit': fullscreenExit,
  health,
  help,
  hidden,
  hourglass,
  info,
  logout,
  menu,
  more,
  passkey,
  password,
  play,
  refresh,
  remove,
  schedule,
  search,
  secret,
  service,
  settings,
  token,
  translate,
  users,
  visible,
  warning,
} as const;
export type IconName = keyof typeof ICONS;

/** Registers the icons for `<mat-icon svgIcon="…">`. */
export const registerIcons = (): void => {
  const registry = inject(MatIconRegistry);
  const sanitizer = inject(DomSanitizer);
  for (const [name, svg] of Object.entries(ICONS)) {
    // Safe: the build bundles these files.
    registry.addSvgIconLiteral(name, sanitizer.bypassSecurityTrustHtml(svg));
  }
};
