/** Express's request and response, as far as nodes use them. */
import { EventEmitter } from 'node:events';
import type { IncomingHttpHeaders } from 'node:http';

export interface WebhookRequest {
	/** The bytes on the wire. */
	body?: Buffer | string;
	headers?: Record<string, string>;
	/**
	 * `lazy`: n8n has not read the body yet, as with an unusual content type (body-parser.js). `spent`: it can't be read any more. `stuck`:
	 * reading it never ends, as with a compressed body whose sender has gone.
	 */
	reading?: 'done' | 'lazy' | 'spent' | 'stuck';
	query?: Record<string, string>;
	/** The test URL instead of the production URL. */
	isTest?: boolean;
}

/** Express's request as n8n hands it to a node: body-parser.js, webhook-helpers.js. */
export function requestOf({
	body = '',
	headers = {},
	reading = 'done',
	query = {},
}: WebhookRequest) {
	const bytes = Buffer.from(body);
	const lowerCase: IncomingHttpHeaders = { 'content-type': 'application/json' };
	for (const [name, value] of Object.entries(headers)) lowerCase[name.toLowerCase()] = value;
	const parse = () => {
		try {
			return JSON.parse(bytes.toString('utf8')) as unknown;
		} catch {
			return undefined;
		}
	};
	const request = {
		method: 'POST',
		headers: lowerCase,
		params: {},
		query,
		ip: '18.203.201.92',
		contentType: lowerCase['content-type']?.split(';')[0],
		rawBody: reading === 'done' ? bytes : undefined,
		body: reading === 'done' ? parse() : undefined,
		header: (name: string) => lowerCase[name.toLowerCase()],
		get: (name: string) => lowerCase[name.toLowerCase()],
		readRawBody: async () => {
			if (reading === 'spent') throw new Error('stream is not readable');
			if (reading === 'stuck') await new Promise(() => undefined);
			request.rawBody = bytes;
		},
	};
	return request;
}

/** Express's response, as far as nodes use it, with what was answered, and the events that Node.js emits at its end. */
export class FakeResponse extends EventEmitter {
	statusCode = 200;
	headersSent = false;
	closed = false;
	body: unknown;
	readonly headers: Record<string, string> = {};

	status(code: number) {
		this.statusCode = code;
		return this;
	}

	setHeader(name: string, value: string) {
		if (this.headersSent) throw new Error('Cannot set headers after they are sent to the client');
		this.headers[name.toLowerCase()] = value;
		return this;
	}

	header = (name: string, value: string) => this.setHeader(name, value);
	set = (name: string, value: string) => this.setHeader(name, value);
	type = (value: string) => this.setHeader('content-type', value);

	end(body?: unknown) {
		if (this.headersSent) throw new Error('Cannot set headers after they are sent to the client');
		this.headersSent = true;
		this.body = body;
		this.emit('prefinish');
		if (!this.closed) this.emit('finish');
		this.leave();
		return this;
	}

	/** The sender goes away, or has its answer. */
	leave() {
		if (this.closed) return;
		this.closed = true;
		this.emit('close');
	}

	send = (body?: unknown) => this.end(body);
	json = (body?: unknown) => this.setHeader('content-type', 'application/json').end(body);
	redirect = (code: number, url: string) => this.status(code).setHeader('location', url).end();
}
