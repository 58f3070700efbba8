/** The network of a test: what failed, and how long the node wanted to wait. */
import { sleep } from 'n8n-workflow';

/** A connection that ends with a code, for nock's `replyWithError`. */
export const networkError = (code: string) => Object.assign(new Error(`connect ${code}`), { code });

/** Milliseconds of each wait since the test began, in order. */
export const waits = (): number[] => jest.mocked(sleep).mock.calls.map(([ms]) => ms);
