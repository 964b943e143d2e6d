"""Tests of the parts that need no server: python3 -m unittest discover libs/python. The rest runs against a real one."""

import json
import os
import stat
import tempfile
import threading
import unittest

import opstage_agent as agent


class Envelopes(unittest.TestCase):
    def answer(self, status, body, headers=None):
        return agent._answer(status, headers or {}, body if isinstance(body, bytes) else json.dumps(body).encode())

    def test_only_our_envelope_is_our_word(self):
        self.assertEqual(self.answer(200, {'success': True, 'data': [1]}), [1])
        for status, body in ((200, b'<html>'), (200, {}), (401, b'Sign in'), (404, {'error': 'x'}), (410, b'null'), (302, b''),
                             (200, {'success': False, 'error': {'code': 'X'}}), (401, b'[]'), (401, b'\xff')):
            with self.assertRaises(agent.Away, msg=(status, body)):
                self.answer(status, body)

    def test_a_refusal_has_its_code_and_an_overload_its_pause(self):
        error = {'success': False, 'error': {'code': 'AGENT_DISABLED', 'message': 'No.'}}
        with self.assertRaises(agent.Refused) as refused:
            self.answer(403, error)
        self.assertEqual((refused.exception.status, refused.exception.code), (403, 'AGENT_DISABLED'))
        for status in (429, 503):
            with self.assertRaises(agent.Away) as away:
                self.answer(status, error, {'Retry-After': '7'})
            self.assertEqual(away.exception.retry_after, 7)
            self.assertGreaterEqual(agent._Backoff().seconds(away.exception), 7)

    def test_a_backoff_grows_to_a_minute(self):
        backoff = agent._Backoff()
        pauses = [backoff.seconds(None) for _ in range(10)]
        self.assertLessEqual(pauses[0], 1)
        self.assertTrue(all(30 <= pause <= 60 for pause in pauses[7:]), pauses)


class Files(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = os.path.join(folder.name, 'journal')

    def journal(self, expected=False):
        made = agent._Journal(self.path, expected)
        self.addCleanup(lambda: made._file and made._file.close())
        return made

    def test_a_journal_survives_a_crash_even_within_a_line(self):
        first = self.journal()
        first.write('started', 'a')
        first.write('started', 'b')
        first.write('finished', 'b', {'success': True})
        first.write('settled', 'c')
        with open(self.path, 'a') as file:
            file.write('{"event":"settl')
        again = self.journal(True)
        self.assertFalse(again.lost)
        self.assertEqual([e['id'] for e in again.open_entries()], ['a', 'b'])
        self.assertEqual(again.entry('b')['result'], {'success': True})
        self.assertEqual(stat.S_IMODE(os.stat(self.path).st_mode), 0o600)

    def test_a_lost_or_damaged_journal_stays_known_as_such(self):
        self.assertTrue(self.journal(True).lost)
        self.assertTrue(self.journal(True).lost)
        with open(self.path, 'w') as file:
            file.write('rubbish\n{"event":"started","id":"a"}\n')
        with self.assertLogs('opstage_agent', 'ERROR'):
            damaged = self.journal(True)
        self.assertTrue(damaged.lost)
        self.assertEqual([e['id'] for e in damaged.open_entries()], ['a'])

    def test_a_journal_that_cannot_be_written_stops_nothing(self):
        with open(self.path, 'w'):
            pass
        self.path = os.path.join(self.path, 'beneath a file')
        with self.assertLogs('opstage_agent', 'ERROR'):
            made = self.journal()
            made.write('started', 'a')
        self.assertTrue(made.lost)

    def test_a_journal_is_bounded(self):
        made = self.journal()
        made._last = {str(i): {'event': 'settled', 'id': str(i)} for i in range(5000)}
        made._compact()
        self.assertEqual(len(made._last), agent.MAX_SETTLED)
        self.assertIn('4999', made._last)

    def test_one_process_at_a_time_uses_the_files(self):
        holder, second = (agent.Agent('a', url='http://127.0.0.1:1', token_file=self.path) for _ in 'ab')
        holder._claim_files()
        self.addCleanup(holder._guard.close)
        with self.assertRaisesRegex(OSError, 'Another process uses'):
            second._claim_files()


class Parts(unittest.TestCase):
    def test_secrets_are_found_by_schema_and_by_name(self):
        schema = {'properties': {'a': {'format': 'password'}, 'b': {'items': {'properties': {'c': {'writeOnly': True}}}}}}
        self.assertEqual(agent._secret_values(schema, {'a': 'x1', 'b': [{'c': 'x2', 'd': 'no'}]}), ['x1', 'x2'])
        self.assertEqual(agent._masked({'m': ['is x1.']}, ['x1']), {'m': ['is ******.']})
        for value in ({'generatedKey': 'k'}, {'x': [{'API_KEY': 1}]}, ['opstage_reg_1'], 'Bearer abc'):
            self.assertTrue(agent._has_secret(value), value)
        self.assertFalse(agent._has_secret({'success': True, 'message': 'Hello', 'data': {'letters': 5}}))

    def test_a_health_check_is_bounded(self):
        held = threading.Event()
        service = agent.Service('a', 'A', health=held.wait)
        self.assertIn('longer than', service.health(0.01)['message'])
        self.assertEqual(service.health(0.01)['message'], 'The health check hangs.')
        held.set()
        service._check.join()
        for check, status in ((lambda: 1 / 0, 'DOWN'), (lambda: 'SO SO', 'DOWN'), (lambda: 'DEGRADED', 'DEGRADED')):
            service = agent.Service('a', 'A', health=check)
            self.assertEqual(service.health(30)['status'], status)

    def test_what_a_handler_returns_is_a_result(self):
        self.assertEqual(agent._as_result(None), {'success': True})
        self.assertEqual(agent._as_result('Hi'), {'success': True, 'message': 'Hi'})
        self.assertEqual(agent._as_result({'message': 'Hi', 'data': 1}), {'success': True, 'message': 'Hi', 'data': 1})
        self.assertEqual(agent._as_result({'x': 1}), {'success': True, 'data': {'x': 1}})
        for value in (float('nan'), object()):
            self.assertRaises((ValueError, TypeError), agent._as_result, value)

    def test_an_action_is_declared_once(self):
        service = agent.Service('a', 'A')
        service.action('x', 'X')(lambda run: None)
        self.assertRaises(ValueError, service.action, 'x', 'X')

    def test_the_file_stays_small(self):
        self.assertLessEqual(os.path.getsize(agent.__file__), 30 * 1024)


if __name__ == '__main__':
    unittest.main()
