"""An Opstage agent in one file: Python 3.8 or newer, standard library only. README.md beside it says how to use it."""

import hashlib
import json
import logging
import os
import platform
import random
import secrets
import signal
import socket
import threading
import time
import urllib.error
import urllib.parse
import urllib.request

try:
    import fcntl
except ImportError:  # Windows: no lock
    fcntl = None

__all__ = ['Agent', 'Service', 'Run', 'ActionFailed', 'Refused', 'Away']
log = logging.getLogger('opstage_agent')

MAX_ANSWER_BYTES = 32_000_000
MAX_SETTLED = 1000
SECRET_NAMES = ('password', 'passwd', 'secret', 'token', 'cookie', 'authorization', 'apikey', 'generatedkey', 'privatekey')


class ActionFailed(Exception):
    """Raise it in a handler for a failure with a code of your own."""

    def __init__(self, message, code='ACTION_FAILED'):
        super().__init__(message)
        self.code = code


class Refused(Exception):
    """The server itself said no, for the reason in `status` and `code`."""

    def __init__(self, status, code, message, retry_after=None):
        super().__init__('%d %s: %s' % (status, code, message))
        self.status, self.code, self.retry_after = status, code, retry_after


class Away(Exception):
    """Nobody answered, the server is overloaded, or something in between answered."""

    def __init__(self, message, retry_after=None):
        super().__init__(message)
        self.retry_after = retry_after


class _Stay(urllib.request.HTTPRedirectHandler):
    """Follows no redirect: the token goes to this server only."""

    def redirect_request(self, *_):
        return None


def _retry_after(headers):
    try:
        return min(max(float(headers.get('Retry-After')), 0.0), 3600.0)
    except (TypeError, ValueError):
        return None


def _answer(status, headers, body):
    """The data of our envelope. Nothing else is the server's word."""
    try:
        envelope = json.loads(body)
        if status == 200 and envelope['success'] is True:
            return envelope['data']
        error = envelope['error']
        code, message = str(error['code']), str(error.get('message', ''))
        ours = envelope['success'] is False and status >= 400
    except (ValueError, KeyError, TypeError, AttributeError):
        ours = False
    if not ours:
        raise Away('something in between answered %d' % status, _retry_after(headers))
    if status in (408, 429) or status >= 500:
        raise Away('%d %s: %s' % (status, code, message), _retry_after(headers))
    raise Refused(status, code, message, _retry_after(headers))


class _Wire:
    """Requests to one server."""

    def __init__(self, url):
        self._base = url.rstrip('/') + '/api/agents'
        self._opener = urllib.request.build_opener(_Stay)

    def call(self, method, path, body=None, token=None, timeout=30):
        headers = {'Content-Type': 'application/json', 'User-Agent': 'opstage-agent-python/0.1.0'}
        if token:
            headers['Authorization'] = 'Bearer ' + token
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self._base + path, data, headers, method=method)
        try:
            with self._opener.open(request, timeout=timeout) as got:
                return _answer(got.status, got.headers, got.read(MAX_ANSWER_BYTES))
        except urllib.error.HTTPError as error:
            with error:
                try:
                    page = error.read(MAX_ANSWER_BYTES)
                except Exception as cut:
                    raise Away('the answer was cut off: %s' % cut)
            return _answer(error.code, error.headers, page)
        except (Away, Refused):
            raise
        except Exception as error:  # urllib, http.client, ssl and socket each have their own
            raise Away(str(error) or type(error).__name__)


class _Backoff:
    """1 s, then twice as long each time, up to a minute, half of it at random; never before Retry-After."""

    def __init__(self):
        self._next = 1.0

    def seconds(self, error):
        pause, self._next = self._next, min(self._next * 2, 60.0)
        return max(pause * (0.5 + random.random() / 2), getattr(error, 'retry_after', None) or 0.0)


def _write_private(path, content):
    """Replaces the file whole or not at all; only this user can read it."""
    os.makedirs(os.path.dirname(path) or '.', exist_ok=True)
    new = path + '.new'
    if os.path.exists(new):
        os.remove(new)  # its mode may be another
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), 'w') as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    os.replace(new, path)


def _read_json(path):
    if not os.path.exists(path):
        return None
    with open(path) as file:
        return json.load(file)


class _Journal:
    """Which commands were begun, and results until the server has them. No payload, no secret."""

    def __init__(self, path, expected):
        self._path, self._lock = path, threading.Lock()
        self._last, self._file, self._lines = {}, None, 0
        self.lost = False  # what is not in it may have run all the same
        try:
            self._load(expected)
            self._compact()
        except OSError as error:
            self._give_up(error)

    def _load(self, expected):
        if not os.path.exists(self._path):
            self.lost = expected
            return
        with open(self._path, errors='replace') as file:
            lines = file.read().split('\n')
        for line in lines[:-1]:  # the last one was cut off by a crash, or is empty
            try:
                self._apply(json.loads(line))
            except (ValueError, KeyError, TypeError):
                self.lost = True
        if self.lost:
            log.error('The journal %s is not whole: lost deliveries stay lost.', self._path)

    def _apply(self, entry):
        if entry['event'] == 'lost':
            self.lost = True
            return
        if entry['event'] == 'finished':
            entry['result']['success']
        self._last.pop(entry['id'], None)
        self._last[entry['id']] = entry

    def _compact(self):
        settled = [key for key, entry in self._last.items() if entry['event'] == 'settled']
        for key in settled[:-MAX_SETTLED]:
            del self._last[key]
        entries = ([{'event': 'lost'}] if self.lost else []) + list(self._last.values())
        _write_private(self._path, ''.join(json.dumps(entry) + '\n' for entry in entries))
        if self._file:
            self._file.close()
        self._file, self._lines = open(self._path, 'a'), 0

    def _give_up(self, error):
        log.error('The journal %s cannot be written: %s', self._path, error)
        self.lost = True

    def write(self, event, command_id, result=None):
        entry = {'event': event, 'id': command_id}
        if result is not None:
            entry['result'] = result
        with self._lock:
            self._apply(entry)
            try:
                if self._file is None or self._lines > 2 * MAX_SETTLED:
                    self._compact()
                self._file.write(json.dumps(entry) + '\n')
                self._file.flush()
                os.fsync(self._file.fileno())
                self._lines += 1
            except OSError as error:
                self._give_up(error)

    def entry(self, command_id):
        with self._lock:
            return self._last.get(command_id)

    def open_entries(self):
        with self._lock:
            return [entry for entry in self._last.values() if entry['event'] != 'settled']


def _secret_values(schema, payload):
    """The values of `format: password` and `writeOnly` fields, at any depth."""
    found = []
    if not isinstance(schema, dict):
        return found
    if schema.get('format') == 'password' or schema.get('writeOnly') is True:
        return [payload] if isinstance(payload, str) and payload else []
    if isinstance(payload, dict):
        for name, part in (schema.get('properties') or {}).items():
            if name in payload:
                found += _secret_values(part, payload[name])
    if isinstance(payload, list):
        for item in payload:
            found += _secret_values(schema.get('items'), item)
    return found


def _has_secret(value):
    if isinstance(value, dict):
        names = [''.join(c for c in str(name).lower() if c.isalnum()) for name in value]
        return any(secret in name for name in names for secret in SECRET_NAMES) or any(map(_has_secret, value.values()))
    if isinstance(value, list):
        return any(map(_has_secret, value))
    text = value.lower() if isinstance(value, str) else ''
    return 'opstage_' in text or 'bearer ' in text or 'private key-----' in text


def _masked(value, hidden):
    if isinstance(value, str):
        for secret in hidden:
            value = value.replace(secret, '******')
        return value
    if isinstance(value, dict):
        return {_masked(name, hidden): _masked(part, hidden) for name, part in value.items()}
    return [_masked(part, hidden) for part in value] if isinstance(value, list) else value


def _failure(code, message):
    return {'success': False, 'message': message[:500], 'error': {'code': code[:80], 'message': message[:500]}}


def _as_result(answer):
    """What a handler returned: nothing, a text, `{'message', 'data'}`, or any other value, which becomes the data."""
    result = {'success': True}
    if isinstance(answer, str):
        result['message'] = answer
    elif isinstance(answer, dict) and answer and set(answer) <= {'message', 'data'}:
        result.update(answer)
    elif answer is not None:
        result['data'] = answer
    return json.loads(json.dumps(result, allow_nan=False))


class Run:
    """One command, as its handler sees it."""

    def __init__(self, command, hidden):
        self.id, self.payload = command['id'], command.get('payload') or {}
        self._hidden, self._cancel = hidden, threading.Event()
        self._lock, self._pending = threading.Lock(), {}
        self.done, self.result, self.why = threading.Event(), None, None

    @property
    def cancelled(self):
        """True when the handler should stop: cancelled, out of time, or the agent stops."""
        return self._cancel.is_set()

    def wait(self, seconds):
        """Sleeps, but no longer than until the run is cancelled. Returns whether it is."""
        return self._cancel.wait(seconds)

    def progress(self, percent=None, message=None):
        """Shows how far it is; sent about once a second."""
        told = {'percent': percent, 'message': message and _masked(str(message), self._hidden)[:500]}
        with self._lock:
            self._pending.update({name: value for name, value in told.items() if value is not None})

    def log(self, line):
        """Adds a line to the log of the command; of a long one the last hundred of each second."""
        with self._lock:
            lines = self._pending.get('log', []) + [_masked(str(line), self._hidden)[:1000]]
            self._pending['log'] = lines[-100:]

    def _stop(self, code, message):
        self.why = self.why or (code, message)
        self._cancel.set()

    def _take(self):
        with self._lock:
            pending, self._pending = self._pending, {}
            return pending


class Service:
    """One service of the agent. Made by `Agent.service`."""

    def __init__(self, code, name, health=None, configs=None, **facts):
        self.code, self._facts = code, dict(facts, code=code, name=name, runtime='python')
        self._health, self._configs, self._check = health, configs, None
        self._actions, self._handlers, self._prepares = [], {}, {}

    def action(self, name, label, **facts):
        """Declares an action by the protocol's fields; the decorated function gets the `Run`. ValueError: the name is taken."""
        if name in self._handlers:
            raise ValueError('The action %s is declared twice.' % name)

        def declare(handler):
            self._actions.append(dict(facts, name=name, label=label))
            self._handlers[name] = handler
            return handler

        return declare

    def prepare(self, name):
        """The decorated function returns what the form of the action starts with: `{'initialPayload': ...}`."""

        def declare(handler):
            self._prepares[name] = handler
            return handler

        return declare

    def schema_of(self, name):
        return next((action.get('inputSchema') for action in self._actions if action['name'] == name), None)

    def handler_of(self, command):
        name = command.get('actionName')
        if command.get('type') == 'ACTION_PREPARE':
            return self._prepares.get(name, lambda run: None)
        return self._handlers.get(name)

    def report(self):
        configs = self._configs() if callable(self._configs) else self._configs
        return dict(self._facts, health=self.health(), configs=configs or [], actions=self._actions)

    def health(self, seconds=5):
        """What the health check says; DOWN when it throws, hangs or answers nonsense."""
        if self._health is None:
            return {'status': 'UP'}
        if self._check and self._check.is_alive():
            return {'status': 'DOWN', 'message': 'The health check hangs.'}
        answer = [{'status': 'DOWN', 'message': 'The health check took longer than %s s.' % seconds}]
        self._check = threading.Thread(target=self._ask, args=(answer,), daemon=True)
        self._check.start()
        self._check.join(seconds)
        return answer[0]

    def _ask(self, answer):
        try:
            health = self._health()
            health = {'status': health} if isinstance(health, str) else json.loads(json.dumps(health, allow_nan=False))
            if health['status'] not in ('UP', 'DEGRADED', 'DOWN', 'UNKNOWN'):
                raise ValueError('%s is no health status' % health['status'])
            answer[0] = health
        except Exception as error:
            answer[0] = {'status': 'DOWN', 'message': str(error)[:500] or type(error).__name__}


class Agent:
    """Connects the services of this process with an Opstage server. Settings that are left out come from the environment:
    OPSTAGE_BACKEND_URL, OPSTAGE_REGISTRATION_TOKEN, OPSTAGE_AGENT_TOKEN_FILE, OPSTAGE_AGENT_CODE, OPSTAGE_AGENT_NAME.
    `concurrency`: commands at a time; `stop_seconds`: what handlers and results have at a stop."""

    def __init__(self, code=None, name=None, url=None, registration_token=None, token_file=None, concurrency=4,
                 stop_seconds=10):
        env = os.environ.get
        self.code = code or env('OPSTAGE_AGENT_CODE')
        url = url or env('OPSTAGE_BACKEND_URL')
        if not self.code or not url:
            raise ValueError('An agent needs OPSTAGE_AGENT_CODE and OPSTAGE_BACKEND_URL.')
        self._name = name or env('OPSTAGE_AGENT_NAME') or self.code
        self._wire, self._ticket = _Wire(url), registration_token or env('OPSTAGE_REGISTRATION_TOKEN')
        self._file = token_file or env('OPSTAGE_AGENT_TOKEN_FILE') or 'data/%s.agent-token.json' % self.code
        self._concurrency, self._stop_seconds = concurrency, stop_seconds
        self._services, self._runs, self._senders = {}, {}, []
        self._identity, self._journal, self._guard = None, None, None
        self._lock, self._stop, self._gone = threading.RLock(), threading.Event(), threading.Event()
        self._beat_now, self._slot = threading.Event(), threading.Event()
        self._cadence, self._reported, self._connected = {}, False, threading.Event()

    def service(self, code, name, health=None, configs=None, **facts):
        """Adds a service before `run`. `health` and `configs` are functions; `facts` are fields of the protocol."""
        self._services[code] = Service(code, name, health, configs, **facts)
        return self._services[code]

    def stop(self):
        """Ends `run`, from any thread or signal handler."""
        self._stop.set()
        self._beat_now.set()
        self._slot.set()

    def run(self, signals=True):
        """Runs until `stop`, SIGTERM or SIGINT. Refused: it may not register. OSError: its files are in use, or not writable."""
        if signals and threading.current_thread() is threading.main_thread():
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, lambda *_: threading.Thread(target=self.stop).start())  # locks must not be held
        self._claim_files()
        try:
            self._identity = self._stored()
            self._journal = _Journal(self._beside('commands.jsonl'), self._identity is not None)
            if self._identity is None:
                self._register()
            if self._stop.is_set():
                return
            self._settle_the_past()
            threading.Thread(target=self._poll_for_ever, daemon=True).start()
            self._beat_for_ever()
            self._leave()
        finally:
            self._gone.set()
            self._guard.close()

    def _beside(self, name):
        root = self._file[:-5] if self._file.endswith('.json') else self._file
        return '%s.%s' % (root, name)

    def _claim_files(self):
        os.makedirs(os.path.dirname(self._file) or '.', exist_ok=True)
        self._guard = os.fdopen(os.open(self._beside('pylock'), os.O_WRONLY | os.O_CREAT, 0o600), 'w')
        if fcntl:
            try:
                fcntl.flock(self._guard, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                self._guard.close()
                raise OSError('Another process uses %s.' % self._file)

    def _stored(self):
        stored = _read_json(self._file)
        if stored is not None and not (isinstance(stored, dict) and stored.get('agentId') and stored.get('agentToken')):
            raise OSError('%s is not the token file of an agent.' % self._file)
        return stored

    def _ticket_hash(self):
        return hashlib.sha256(self._ticket.encode()).hexdigest()

    def _about(self):
        return {'code': self.code, 'name': self._name, 'mode': 'embedded', 'runtime': 'python', 'hostname': socket.gethostname(),
                'os': platform.system().lower(), 'arch': platform.machine()}

    def _register(self):
        if not self._ticket:
            raise OSError('There is neither %s nor an OPSTAGE_REGISTRATION_TOKEN.' % self._file)
        known = _read_json(self._beside('enrolment.json')) or {}
        if known.get('token') != self._ticket_hash():
            known = {'token': self._ticket_hash(), 'key': secrets.token_urlsafe(32)}
        _write_private(self._beside('enrolment.json'), json.dumps(known))  # also shows that the folder can be written
        body, backoff = {'registrationToken': self._ticket, 'enrolmentKey': known['key'], 'agent': self._about()}, _Backoff()
        while not self._stop.is_set():
            try:
                self._keep(dict(self._wire.call('POST', '/register', body), registeredWith=known['token']))
                os.remove(self._beside('enrolment.json'))
                return
            except (Away, Refused) as error:
                if isinstance(error, Refused) and error.retry_after is None:
                    raise
                self._pause('Not registered', error, backoff)

    def _keep(self, answer):
        """Stores the identity before its first use."""
        identity = dict(self._identity or {}, **{k: answer[k] for k in ('agentId', 'agentToken', 'registeredWith') if k in answer})
        _write_private(self._file, json.dumps(identity))
        with self._lock:
            self._identity = identity

    def _own(self, method, path, body=None, timeout=30):
        with self._lock:
            identity = self._identity
        return self._wire.call(method, '/' + identity['agentId'] + path, body, identity['agentToken'], timeout)

    def _pause(self, what, error, backoff):
        seconds = backoff.seconds(error)
        log.warning('%s: %s. Again in %.0f s.', what, error, seconds)
        self._stop.wait(seconds)

    def _beat_for_ever(self):
        backoff = _Backoff()
        while not self._stop.is_set():
            self._beat_now.clear()
            try:
                self._beat()
                backoff = _Backoff()
                pause = float(self._cadence.get('heartbeatIntervalSeconds', 30)) * random.uniform(0.9, 1.1)
                self._beat_now.wait(0 if self._stop.is_set() else pause)
            except Refused as error:
                self._reported = False
                if not self._recovered(error):
                    self._connected.clear()
                    log.error('Refused: %s', error)
                    self._stop.wait(60 + random.random() * 10)
            except Exception as error:
                self._reported = False  # the server may come back from a backup
                self._pause('No heartbeat', error, backoff)

    def _beat(self):
        body, fresh = {}, not self._reported
        if fresh:
            services = [service.report() for service in self._services.values()]
            answer = self._own('POST', '/services/report', {'services': services, 'complete': True})
            for trouble in (answer.get('rejected') or []) + (answer.get('warnings') or []):
                log.warning('The server did not take everything in the report: %s', trouble)
            self._reported = True
            body['agent'] = {name: value for name, value in self._about().items() if name not in ('code', 'mode')}
        body['services'] = [{'code': service.code, 'health': service.health()} for service in self._services.values()]
        answer = self._own('POST', '/heartbeat', body)
        self._cadence = answer
        self._connected.set()
        for command_id in answer.get('cancelledCommandIds') or []:
            self._cancel(command_id)
        if answer.get('rotateToken'):
            try:
                self._keep(self._own('POST', '/token'))
            except (OSError, Away) as error:  # the old token works on; the next heartbeat asks again
                log.error('The new token could not be stored: %s', error)

    def _recovered(self, error):
        """Whether there is another token to go on with: a newer one in the file, or by a new registration token."""
        if error.status != 401 and error.code != 'AGENT_REVOKED':
            return False
        try:
            stored = self._stored()
            if stored and stored['agentToken'] != self._identity['agentToken']:
                self._identity = stored
                return True
            if not self._ticket or self._identity.get('registeredWith') == self._ticket_hash():
                return False
            self._register()
            return True
        except (Refused, OSError) as trouble:
            log.error('There is no other token to go on with: %s', trouble)
            return False

    def _cancel(self, command_id):
        run = self._runs.get(command_id)
        if run:
            run._stop('COMMAND_CANCELLED', 'The command was cancelled.')

    def _poll_for_ever(self):
        backoff = _Backoff()
        while not self._stop.is_set():
            if not self._connected.wait(1):
                continue
            free = self._concurrency - len(self._runs)
            if free < 1:
                self._slot.wait(1)
                self._slot.clear()
                continue
            try:
                self._poll(min(free, 10))
                backoff = _Backoff()
            except Exception as error:
                if isinstance(error, Refused):
                    self._connected.clear()
                    self._beat_now.set()
                self._reported = False
                self._pause('No poll', error, backoff)
                self._beat_now.set()

    def _poll(self, limit):
        wait, began = int(self._cadence.get('longPollSeconds') or 0), time.monotonic()
        query = [('limit', limit), ('wait', wait)]
        if not self._journal.lost:
            query += [('holding', e['id']) for e in self._journal.open_entries()] or [('holding', '')]
        commands = self._own('GET', '/commands?' + urllib.parse.urlencode(query), timeout=wait + 15)
        for command in commands:
            if not self._stop.is_set():
                self._begin(command)
        if not commands:
            if time.monotonic() - began < wait - 1:
                self._beat_now.set()  # one was cancelled
                self._stop.wait(0.2)
            if not wait:
                self._stop.wait(float(self._cadence.get('commandPollIntervalSeconds', 5)))

    def _begin(self, command):
        known = self._journal.entry(command['id'])
        if known or command['id'] in self._runs:
            if known and command['id'] not in self._runs:
                self._send_later(command['id'], known.get('result') or self._interrupted())
            return
        self._journal.write('started', command['id'])
        service = self._services.get(command.get('serviceCode'))
        hidden = _secret_values(service and service.schema_of(command.get('actionName')), command.get('payload'))
        run = self._runs[command['id']] = Run(command, sorted(hidden, key=len, reverse=True))
        threading.Thread(target=self._execute, args=(run, command, service), daemon=True).start()

    def _execute(self, run, command, service):
        handler = service and service.handler_of(command)
        if handler is None:
            run.result = _failure('ACTION_NOT_FOUND', 'There is no action %s.' % command.get('actionName'))
        else:
            threading.Thread(target=self._handle, args=(run, handler), daemon=True).start()
            self._attend(run, float(command.get('timeoutSeconds') or 300))
            self._send_progress(run)
        result = run.result or _failure(*(run.why or ('ACTION_FAILED', 'The handler gave no result.')))
        self._finish(run, _masked(result, run._hidden))

    def _handle(self, run, handler):
        try:
            run.result = _as_result(handler(run))
        except BaseException as error:  # also SystemExit: a handler ends itself only
            if not run._hidden:
                log.exception('The command %s failed.', run.id)
            code = error.code if isinstance(error, ActionFailed) else 'ACTION_FAILED'
            run.result = _failure(str(code), str(error) or type(error).__name__)
        finally:
            run.done.set()

    def _attend(self, run, seconds):
        """Waits for the handler, whatever the clocks say, and sends its progress. One that is told to stop has a little more."""
        end, grace = time.monotonic() + seconds, None
        while not run.done.wait(0.5):
            now = time.monotonic()
            if now >= end:
                run._stop('ACTION_TIMEOUT', 'The action took longer than %g s.' % seconds)
                return
            if run.cancelled:
                grace = grace or now + self._stop_seconds / 2
                if now >= grace:
                    return
            self._send_progress(run)

    def _send_progress(self, run):
        told = run._take()
        if not told:
            return
        try:
            if self._own('POST', '/commands/%s/progress' % run.id, told, timeout=5).get('cancelled'):
                self._cancel(run.id)
        except Refused as error:
            if error.status in (404, 409, 410):
                self._cancel(run.id)
        except Exception as error:  # never fails the command
            log.debug('Progress was not sent: %s', error)

    def _finish(self, run, result):
        if run._hidden or _has_secret(result):  # whole in memory only
            at_rest = {'success': result['success'], 'message': 'The agent restarted before it could send the details.'}
        else:
            at_rest = result
        self._journal.write('finished', run.id, at_rest)
        self._send_later(run.id, result)
        self._runs.pop(run.id, None)
        self._slot.set()

    @staticmethod
    def _interrupted():
        return _failure('AGENT_RESTARTED', 'The agent restarted while the command ran.')

    def _settle_the_past(self):
        for entry in self._journal.open_entries():
            self._send_later(entry['id'], entry.get('result') or self._interrupted())

    def _send_later(self, command_id, result):
        with self._lock:
            self._senders = [sender for sender in self._senders if sender.is_alive()]
            if any(sender.name == command_id for sender in self._senders):
                return
            sender = threading.Thread(target=self._deliver, args=(command_id, result), name=command_id, daemon=True)
            self._senders.append(sender)
            sender.start()

    def _deliver(self, command_id, result):
        """Sends the result until the server has answered it, the same each time."""
        backoff = _Backoff()
        while not self._gone.is_set():
            try:
                self._own('POST', '/commands/%s/result' % command_id, result)
                break
            except Refused as error:
                if error.status == 413 and 'data' in result:
                    result = {name: value for name, value in result.items() if name != 'data'}
                    continue
                if error.status == 422 and len(result) > 1:
                    result = {'success': result['success']}
                    continue
                if error.status not in (401, 403):
                    log.warning('The server does not take the result of %s: %s', command_id, error)
                    break
                self._gone.wait(backoff.seconds(error))
            except Exception as error:
                log.warning('The result of %s is kept: %s', command_id, error)
                self._gone.wait(backoff.seconds(error))
        else:
            return
        self._journal.write('settled', command_id)

    def _leave(self):
        """Ends what runs, sends the results, says goodbye. Each within its time, whatever hangs."""
        for run in list(self._runs.values()):
            run._stop('AGENT_STOPPING', 'The agent stopped.')
        end = time.monotonic() + self._stop_seconds
        while time.monotonic() < end and (self._runs or any(sender.is_alive() for sender in self._senders)):
            time.sleep(0.05)
        try:
            self._own('POST', '/heartbeat', {'leaving': {}}, timeout=5)
        except Exception as error:
            log.warning('The goodbye was not sent: %s', error)
