/**
 * Set-up of the tests that run the built package in n8n-core; Jest loads it before each of their files (jest.config.js). It sets n8n's
 * folder, silences its log, takes the clock out of n8n's waits, and fails a test that did not send an expected request or sent an
 * unexpected one.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataDeduplicationService } from 'n8n-core';
import { setSafeRegexEngine, sleep } from 'n8n-workflow';
import nock from 'nock';

import { deduplicator } from '../../testbed/engine/deduplicator';

// No test waits: the waits that the node asks for are recorded (`waits` in network.ts) instead.
jest.mock('n8n-workflow', () => ({
	...jest.requireActual<object>('n8n-workflow'),
	sleep: jest.fn(async () => {}),
}));

const userFolder = mkdtempSync(join(tmpdir(), 'n8n-nodes-didit-'));
process.env.N8N_USER_FOLDER = userFolder;
process.env.N8N_LOG_LEVEL = 'silent';

// n8n ends a regular expression after 250 ms by the clock. On a busy machine even a harmless one may take that long.
setSafeRegexEngine({
	exec: (pattern, input, flags) => new RegExp(pattern, flags).exec(input),
	test: (pattern, input, flags) => new RegExp(pattern, flags).test(input),
	replace: (pattern, input, flags, replacement) =>
		input.replace(new RegExp(pattern, flags), replacement),
	matchAll: (pattern, input, flags) => [
		...input.matchAll(new RegExp(pattern, `${flags ?? ''}g`.replace(/g(?=.*g)/, ''))),
	],
	split: (pattern, input, flags) => input.split(new RegExp(pattern, flags)),
});

/** Requests that no interceptor took. */
const unmatched: string[] = [];
const noteUnmatched = (request: { method?: string; path?: string; url?: string }) => {
	unmatched.push(`${request.method} ${request.path ?? request.url}`);
};

beforeAll(async () => {
	nock.disableNetConnect();
	nock.emitter.on('no match', noteUnmatched);
	await DataDeduplicationService.init(deduplicator);
});

afterEach(() => {
	const left = { pending: nock.pendingMocks(), unmatched: unmatched.splice(0) };
	nock.abortPendingRequests();
	nock.cleanAll();
	jest.mocked(sleep).mockClear();
	deduplicator.processed.clear();
	expect(left).toEqual({ pending: [], unmatched: [] });
});

afterAll(() => {
	nock.emitter.off('no match', noteUnmatched);
	nock.restore();
	rmSync(userFolder, { recursive: true, force: true });
});
