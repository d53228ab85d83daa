import { expect, test } from 'vitest';
import { WorkerError, type WorkerLink } from '../../src/parallel/index.ts';
import { Member } from '../../src/parallel/member.ts';

/** A member whose link the test plays. */
function memberOf() {
  let receive: (message: unknown) => void = () => {};
  let fail: (error: unknown) => void = () => {};
  const posted: unknown[] = [];
  const link: WorkerLink = {
    post: (message) => void posted.push(message),
    listen: (...both) => {
      [receive, fail] = both;
    },
    close: () => fail(new Error('exit code 1')),
  };
  const member = new Member({ count: 2, data: null, shared: false, start: () => link }, 1);
  return { member, posted, receive: (message: unknown) => receive(message), fail: (e: unknown) => fail(e) };
}

test('A message that arrives before it is waited for is kept', async () => {
  const { member, receive } = memberOf();
  receive({ type: 'listening' });
  expect(await member.next()).toEqual({ type: 'listening' });
});

test('A failure while nothing waits is thrown at the next request', async () => {
  const { member, fail } = memberOf();
  fail(new RangeError('exit'));
  await expect(member.request({ type: 'step' } as never)).rejects.toThrow('fit: worker 1: exit');
});

test('The first failure counts: a thread that throws exits too', async () => {
  const { member, receive, fail } = memberOf();
  const waiting = member.next();
  receive({ type: 'error', error: { name: 'TypeError', message: 'first', stack: 'at x' } });
  fail(new Error('second'));
  await expect(waiting).rejects.toThrow('fit: worker 1: TypeError: first');
  await expect(member.next()).rejects.toMatchObject({ cause: { name: 'TypeError', stack: 'at x' } });
});

test('A closed member does not report its end as a failure of the worker', async () => {
  const { member } = memberOf();
  member.close();
  await expect(member.next()).rejects.toThrow(new WorkerError(1, 'the run has ended').message);
});
