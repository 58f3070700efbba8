import { NodeApiError, type INode, type JsonObject } from 'n8n-workflow';

import { faultOf } from '../../nodes/shared/api/retry';

const NODE: INode = {
	id: '1',
	name: 'Didit',
	type: 'didit',
	typeVersion: 1,
	position: [0, 0],
	parameters: {},
};

/** What axios throws; n8n tells it by its name. */
class AxiosError extends Error {
	constructor(
		message: string,
		readonly code?: string,
		readonly response?: { status: number; headers: Record<string, string>; data: unknown },
	) {
		super(message);
	}
}

const refused = () =>
	new AxiosError('Request failed with status code 429', 'ERR_BAD_REQUEST', {
		status: 429,
		headers: { 'retry-after': '7' },
		data: { detail: 'Slow down.' },
	});
const broken = () => new AxiosError('connect ECONNREFUSED 127.0.0.1:1', 'ECONNREFUSED');

const wrapped = (error: Error) => new NodeApiError(NODE, error as unknown as JsonObject);

/** As n8n 1.123 throws it. */
const withoutCause = (error: Error) => Object.assign(wrapped(error), { cause: undefined });

describe("the fault that an error of n8n's HTTP helpers tells of", () => {
	test.each([
		['of axios', refused()],
		["of axios inside n8n's", wrapped(refused())],
	])('an answer, %s', (_, error) => {
		expect(faultOf(error, 'words')).toEqual({
			status: 429,
			code: 'ERR_BAD_REQUEST',
			retryAfter: '7',
			body: { detail: 'Slow down.' },
			message: 'words',
		});
	});

	test("an answer, of n8n's that has lost its cause: the status, and Didit's own words", () => {
		expect(faultOf(withoutCause(refused()), 'words')).toEqual({
			status: 429,
			body: { detail: 'Slow down.' },
			message: 'words',
		});
	});

	test.each([
		['of axios', broken()],
		["of axios inside n8n's", wrapped(broken())],
		["of n8n's that has lost its cause", withoutCause(broken())],
	])('no answer, %s', (_, error) => {
		expect(faultOf(error, 'words')).toMatchObject({ code: 'ECONNREFUSED', message: 'words' });
		expect(faultOf(error, 'words').status).toBeUndefined();
	});

	test.each([
		['no error at all', undefined],
		["a message of n8n's own", withoutCause(new Error('No credential'))],
		['a plain one', new Error('No credential')],
	])('neither, %s: the words alone', (_, error) => {
		expect(faultOf(error, 'words')).toEqual({ message: 'words' });
	});
});
