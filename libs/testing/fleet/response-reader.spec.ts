import { ResponseReader } from './response-reader.js';

const PLAIN = 'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{"a":"é"}'.replace('9', '10');
const CHUNKED = 'HTTP/1.1 404 Not Found\r\nTransfer-Encoding: chunked\r\n\r\n4\r\n{"a"\r\n3\r\n:1}\r\n0\r\n\r\n';

const readInParts = (text: string, size: number) => {
  const reader = new ResponseReader();
  const bytes = Buffer.from(text);
  const answers = [];
  for (let at = 0; at < bytes.length; at += size) {
    const answer = reader.push(bytes.subarray(at, at + size));
    if (answer) answers.push({ status: answer.status, body: answer.body });
  }
  return answers;
};

describe('ResponseReader', () => {
  it.each([1, 2, 7, 1_000])('reads a response that arrives %i bytes at a time', (size) => {
    expect(readInParts(PLAIN, size)).toEqual([{ status: 200, body: '{"a":"é"}' }]);
  });

  it.each([1, 2, 7, 1_000])('reads a chunked response that arrives %i bytes at a time', (size) => {
    expect(readInParts(CHUNKED, size)).toEqual([{ status: 404, body: '{"a":1}' }]);
  });

  it('is ready for the next response after each', () => {
    const reader = new ResponseReader();
    expect(reader.push(Buffer.from(PLAIN))?.status).toBe(200);
    expect(reader.hasBegun).toBe(false);
    expect(reader.push(Buffer.from(CHUNKED))?.status).toBe(404);
  });

  it('reads a response without a body', () => {
    expect(readInParts('HTTP/1.1 401 Unauthorized\r\n\r\n', 5)).toEqual([{ status: 401, body: '' }]);
  });
});
