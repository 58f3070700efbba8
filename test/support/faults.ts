/** Every way in which Didit or the network may fail one request. */
import nock from 'nock';

import arrayBody from '../fixtures/payloads/error-400-array-body.json';
import noCredits from '../fixtures/payloads/error-400-insufficient-credits.json';
import missingField from '../fixtures/payloads/error-400-missing-field.json';
import nestedFields from '../fixtures/payloads/error-400-nested.json';
import plainText from '../fixtures/payloads/error-400-plain-string.json';
import errorCode from '../fixtures/payloads/error-400-standalone-error-key.json';
import duplicate from '../fixtures/payloads/error-400-user-duplicate.json';
import credentials403 from '../fixtures/payloads/error-403-credentials.json';
import permission403 from '../fixtures/payloads/error-403-permission.json';
import notFound from '../fixtures/payloads/error-404-not-found.json';
import throttled from '../fixtures/payloads/error-429-get.json';
import provider502 from '../fixtures/payloads/error-502-provider.json';
import { networkError } from './harness';

export interface Fault {
	name: string;
	reply(call: nock.Interceptor): nock.Scope;
	/** HTTP status; undefined when there is no answer. */
	status?: number;
	/** Didit's own words in the answer. */
	words?: string;
}

const json =
	(status: number, body: nock.Body, headers?: nock.ReplyHeaders) => (call: nock.Interceptor) =>
		call.reply(status, body, headers);
const html =
	(status: number, body = '<!doctype html><h1>Oops</h1>') =>
	(call: nock.Interceptor) =>
		call.reply(status, body, { 'content-type': 'text/html' });
const broken = (code: string) => (call: nock.Interceptor) =>
	call.replyWithError(networkError(code));

/** Refusals that stay the same when the request is sent again. */
export const REFUSALS: Fault[] = [
	{
		name: '400',
		status: 400,
		words: 'vendor_data: Not allowed.',
		reply: json(400, { vendor_data: ['Not allowed.'] }),
	},
	{ name: '404', status: 404, words: 'Not found.', reply: json(404, notFound.body) },
	{ name: '404 as a page', status: 404, reply: html(404) },
	{
		name: '409',
		status: 409,
		words: 'Already done.',
		reply: json(409, { detail: 'Already done.' }),
	},
];

/** The shapes in which Didit words a refusal, which are the same wherever it is made (docs.didit.me, Errors and Rate Limits). */
export const REFUSALS_IN_WORDS: Fault[] = [
	...[
		{ name: 'a list for a field', ...missingField, words: 'workflow_id: This field is required.' },
		{ name: 'a bare list', ...arrayBody, words: 'Amount must be at least $50.' },
		{
			name: 'nested fields',
			...nestedFields,
			words: 'nodes_to_resubmit.feature: "BOGUS" is not a valid choice.',
		},
		{ name: 'a text for a field', ...plainText, words: 'workflow_id: Invalid workflow_id.' },
		{ name: 'an error code', ...errorCode, words: 'COULD_NOT_RECOGNIZE_DOCUMENT.' },
		{ name: 'a detail', ...duplicate, words: 'vendor_data already exists.' },
		{ name: 'no credits, 400', ...noCredits, words: noCredits.body.detail },
		{
			name: 'no credits, 403',
			http_status: 403,
			body: noCredits.body,
			words: noCredits.body.detail,
		},
		{ name: 'no privilege', ...permission403, words: permission403.body.detail },
		{
			name: 'two fields',
			http_status: 422,
			body: { a: ['One.'], b: 'Two' },
			words: 'a: One. b: Two.',
		},
	].map(({ name, http_status: status, body, words }) => ({
		name,
		status,
		words,
		reply: json(status, body),
	})),
	{
		name: 'plain text',
		status: 400,
		reply: json(400, 'Bad request', { 'content-type': 'text/plain' }),
	},
	{ name: 'an object without a word', status: 400, reply: json(400, {}) },
];

/** The reason may be an expired token, so a credential that has a token gets a new one and tries once more. */
export const CREDENTIAL_REFUSALS: Fault[] = [
	{
		name: '401',
		status: 401,
		words: 'Invalid token.',
		reply: json(401, { detail: 'Invalid token.' }),
	},
	{
		name: '403',
		status: 403,
		words: credentials403.body.detail,
		reply: json(403, credentials403.body),
	},
];

/** Faults that may be gone at the next try. */
export const OUTAGES: Fault[] = [
	{ name: '500 as a page', status: 500, reply: html(500) },
	{ name: '502', status: 502, words: provider502.body.detail, reply: json(502, provider502.body) },
	{ name: '503 without a word', status: 503, reply: json(503, '') },
	{ name: '502 as a page', status: 502, reply: html(502) },
	{ name: 'a reset', reply: broken('ECONNRESET') },
	{ name: 'a time-out of the network', reply: broken('ETIMEDOUT') },
	{ name: 'no answer in time', reply: broken('ECONNABORTED') },
	{ name: 'a refused connection', reply: broken('ECONNREFUSED') },
	{ name: 'an unknown host', reply: broken('ENOTFOUND') },
];

const JSON_TYPE = { 'content-type': 'application/json' };

/** Answers with a status of success that hold no JSON of Didit's. */
export const NO_JSON: Fault[] = [
	{ name: 'a page', status: 200, reply: html(200, '<html>Welcome</html>') },
	{ name: 'JSON that is cut', status: 200, reply: json(200, '{"session_id": "1111', JSON_TYPE) },
	{ name: 'a JSON text', status: 200, reply: json(200, '"fine"', JSON_TYPE) },
	{ name: 'null', status: 200, reply: json(200, 'null', JSON_TYPE) },
	{ name: 'an empty 200', status: 200, reply: json(200, '') },
	{ name: '204', status: 204, reply: json(204, '') },
];

/** Redirects to a host without an interceptor: a request to it fails the test. */
export const REDIRECTS: Fault[] = [301, 302, 307, 308].map((status) => ({
	name: String(status),
	status,
	reply: json(status, '', { location: 'https://elsewhere.example.com/' }),
}));

export const throttle = (retryAfter?: string): Fault => ({
	name: '429',
	status: 429,
	words: throttled.body.detail,
	reply: json(429, throttled.body, retryAfter === undefined ? {} : { 'Retry-After': retryAfter }),
});
