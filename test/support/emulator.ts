/** A client of the emulator for its own tests: plain requests, answers as they are. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import {
	DEMO_APPLICATION,
	DEMO_SANDBOX_APPLICATION,
	startEmulator,
	type Emulator,
	type EmulatorOptions,
} from '../../emulator';

export const KEY = DEMO_APPLICATION.apiKeys[0].key;
export const SANDBOX_KEY = DEMO_SANDBOX_APPLICATION.apiKeys[0].key;

export interface Answer {
	status: number;
	headers: Headers;
	json: Json;
}

/** The JSON of an answer, typed so that any path in it can be read without a cast. */
export interface Json {
	[key: string]: Json;
}

/** JSON that is a list. */
export const list = (value: Json): Json[] => value as unknown as Json[];

/** An example of Didit's documentation, from test/fixtures/payloads. */
export function payload(name: string): Json {
	const file = join(__dirname, '../fixtures/payloads', `${name}.json`);
	return JSON.parse(readFileSync(file, 'utf8')) as Json;
}

/** The keys of a value at every depth, so that shapes can be compared without their values. */
export function shape(value: unknown): unknown {
	if (Array.isArray(value)) return value.length > 0 ? [shape(value[0])] : [];
	if (typeof value !== 'object' || value === null) return 'value';
	return Object.fromEntries(
		Object.entries(value)
			.sort(([a], [b]) => (a < b ? -1 : 1))
			.map(([key, item]) => [key, shape(item)]),
	);
}

export class Client {
	constructor(
		readonly emulator: Emulator,
		private readonly key = KEY,
	) {}

	/** Another key of the same emulator. */
	with(key: string): Client {
		return new Client(this.emulator, key);
	}

	async call(
		method: string,
		path: string,
		body?: unknown,
		headers: Record<string, string> = {},
	): Promise<Answer> {
		const json = body !== undefined && !(body instanceof FormData);
		const response = await fetch(this.emulator.url + path, {
			method,
			body: json ? JSON.stringify(body) : (body as FormData | undefined),
			headers: {
				'x-api-key': this.key,
				...(json ? { 'Content-Type': 'application/json' } : {}),
				...headers,
			},
			redirect: 'manual',
		});
		const text = await response.text();
		const isJson = response.headers.get('content-type')?.startsWith('application/json');
		return {
			status: response.status,
			headers: response.headers,
			json: isJson && text !== '' ? (JSON.parse(text) as Json) : {},
		};
	}

	get = async (path: string) => await this.call('GET', path);
	post = async (path: string, body: unknown = {}, headers = {}) =>
		await this.call('POST', path, body, headers);
	patch = async (path: string, body: unknown = {}) => await this.call('PATCH', path, body);
	delete = async (path: string) => await this.call('DELETE', path);
}

export async function startClient(options: EmulatorOptions = {}): Promise<Client> {
	const emulator = await startEmulator({
		applications: [DEMO_APPLICATION, DEMO_SANDBOX_APPLICATION],
		clock: () => Date.parse('2026-11-23T08:00:00Z'),
		...options,
	});
	return new Client(emulator);
}
