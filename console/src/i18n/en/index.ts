import actions from './actions.json';
import agents from './agents.json';
import audit from './audit.json';
import commands from './commands.json';
import common from './common.json';
import dashboard from './dashboard.json';
import forms from './forms.json';
import login from './login.json';
import nav from './nav.json';
import palette from './palette.json';
import registration from './registration.json';
import related from './related.json';
import roles from './roles.json';
import safety from './safety.json';
import services from './services.json';
import sessions from './sessions.json';
import settings from './settings.json';
import status from './status.json';
import users from './users.json';

/** Every text, by feature. */
export const texts = {
  actions,
  agents,
  audit,
  commands,
  common,
  dashboard,
  forms,
  login,
  nav,
  palette,
  registration,
  related,
  roles,
  safety,
  services,
  sessions,
  settings,
  status,
  users,
};
