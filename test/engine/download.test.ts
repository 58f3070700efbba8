import { API, NODE, newNode, resultOf, runWorkflow, withApiKey } from '../support/harness';
import dns from 'node:dns';
import {
	createServer,
	type IncomingHttpHeaders,
	type IncomingMessage,
	type Server,
	type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import type { IDataObject, INodeExecutionData, INodeParameters } from 'n8n-workflow';
import nock from 'nock';

import { deliverTo, MANUAL, payload, sent, sessionEvent, triggerNode } from '../support/trigger';

const SESSION = '7c9e6679-7425-40de-944b-e07fc1f90ae7';
const JPEG = Buffer.from('ffd8ffe000104a464946', 'hex');

/** Didit's API and its media host in one: `/media/<name>` is answered by the test. */
let server: Server;
let baseUrl: string;
let onMedia: (name: string, response: ServerResponse, request: IncomingMessage) => void;
let decision: () => IDataObject;
let decisionsRead: number;
let mediaHeaders: IncomingHttpHeaders[];

beforeAll(async () => {
	server = createServer((request, response) => {
		const path = request.url ?? '';
		if (path.startsWith('/media/')) {
			mediaHeaders.push(request.headers);
			return onMedia(path.slice('/media/'.length), response, request);
		}
		decisionsRead++;
		response.setHeader('content-type', 'application/json').end(JSON.stringify(decision()));
	});
	await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
	baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

beforeEach(() => {
	decisionsRead = 0;
	mediaHeaders = [];
	decision = () => decisionWith({ front_image: `${baseUrl}/media/front.jpg` });
	onMedia = (_, response) => response.setHeader('content-type', 'image/jpeg').end(JPEG);
});

afterAll(async () => {
	server.closeAllConnections();
	await new Promise((done) => server.close(done));
});

const decisionWith = (images: IDataObject): IDataObject => ({
	session_id: SESSION,
	status: 'Approved',
	id_verifications: [
		{ node_id: 'feature_ocr_1', status: 'Approved', full_name: 'Zoë Ñandú-Müller', ...images },
	],
});

async function getDecision(
	options: INodeParameters = {},
	url = baseUrl,
): Promise<INodeExecutionData> {
	const parameters: INodeParameters = {
		operation: 'getDecision',
		sessionId: SESSION,
		options: { downloadFiles: ['documentImages'], ...options },
	};
	const result = resultOf(
		await runWorkflow(newNode(NODE, parameters), await withApiKey({ baseUrl: url })),
	);
	expect(result.error).toBeUndefined();
	expect(result.items).toHaveLength(1);
	return result.items[0];
}

const fault = (item: INodeExecutionData) => (item.json.files as IDataObject[])[0].error;

/** n8n's requests go out for real. */
function onRealSockets() {
	beforeAll(() => nock.restore());
	afterAll(() => nock.activate());
}

describe('Get Decision', () => {
	onRealSockets();

	test('a chosen file becomes a binary field with its type, and the item keeps the ten fields', async () => {
		const item = await getDecision();
		expect(Buffer.from(item.binary!.front_image.data, 'base64')).toEqual(JPEG);
		expect(item.binary!.front_image).toMatchObject({
			mimeType: 'image/jpeg',
			fileName: 'front_image.jpg',
		});
		expect(item.json).toMatchObject({ status: 'Approved', full_name: 'Zoë Ñandú-Müller' });
		expect(item.json.files).toEqual([
			{ path: 'id_verifications[0].front_image', property: 'front_image' },
		]);
	});

	test('a file that can not be had is said in the output panel, and one that can is not', async () => {
		const parameters = {
			operation: 'getDecision',
			sessionId: SESSION,
			options: { downloadFiles: ['documentImages'] },
		};
		const run = async () =>
			resultOf(await runWorkflow(newNode(NODE, parameters), await withApiKey({ baseUrl })));
		expect((await run()).hints).toEqual([]);
		onMedia = (_, response) => {
			response.statusCode = 500;
			response.end();
		};
		expect((await run()).hints).toEqual([expect.stringContaining("'files' in the output says")]);
	});

	test('neither the API key nor a token goes to the media host', async () => {
		await getDecision();
		expect(mediaHeaders).toHaveLength(1);
		expect(Object.keys(mediaHeaders[0])).not.toEqual(expect.arrayContaining(['x-api-key']));
		expect(mediaHeaders[0].authorization).toBeUndefined();
	});

	test('only the chosen kinds are requested', async () => {
		decision = () =>
			decisionWith({
				front_image: `${baseUrl}/media/f`,
				front_video: `${baseUrl}/media/v`,
				portrait_image: `${baseUrl}/media/p`,
			});
		const item = await getDecision({ downloadFiles: ['portraits', 'documentVideos'] });
		expect(Object.keys(item.binary!).sort()).toEqual(['front_video', 'portrait_image']);
	});

	test('links that have ended are renewed once, by one more reading of the decision for all', async () => {
		let round = 0;
		decision = () => {
			round++;
			return decisionWith({
				front_image: `${baseUrl}/media/front-${round}`,
				back_image: `${baseUrl}/media/back-${round}`,
			});
		};
		onMedia = (name, response) =>
			void response
				.writeHead(name.endsWith('-1') ? 403 : 200, { 'content-type': 'image/jpeg' })
				.end(JPEG);
		const item = await getDecision();
		expect(Object.keys(item.binary!).sort()).toEqual(['back_image', 'front_image']);
		expect(decisionsRead).toBe(2);
	});

	test("several are on their way at once, and stand in the decision's order whichever comes first", async () => {
		const names = [
			'front_image',
			'back_image',
			'portrait_image',
			'full_front_image',
			'full_back_image',
		];
		decision = () =>
			decisionWith(Object.fromEntries(names.map((name) => [name, `${baseUrl}/media/${name}.jpg`])));
		const held: Array<() => void> = [];
		let most = 0;
		onMedia = (name, response) => {
			held.push(() => response.setHeader('content-type', 'image/jpeg').end(name));
			most = Math.max(most, held.length);
			// Four are let in at most; the last one comes alone.
			if (held.length === 4) for (const answer of held.splice(0).reverse()) answer();
			else if (mediaHeaders.length === 5) held.splice(0).forEach((answer) => answer());
		};
		const item = await getDecision({ downloadFiles: ['documentImages', 'portraits'] });
		expect(most).toBe(4);
		expect(mediaHeaders).toHaveLength(5);
		expect((item.json.files as IDataObject[]).map(({ error }) => error)).toEqual(
			Array(5).fill(undefined),
		);
		for (const { property, path } of item.json.files as IDataObject[]) {
			const { data } = item.binary![property as string];
			expect(Buffer.from(data, 'base64').toString()).toBe(`${String(path).split('.').at(-1)}.jpg`);
		}
	});

	test('a link that stays refused is named, and the item arrives', async () => {
		onMedia = (_, response) => void response.writeHead(403).end('<Error>AccessDenied</Error>');
		const item = await getDecision();
		expect(fault(item)).toBe('The media host answered 403.');
		expect(item.binary ?? {}).toEqual({});
		expect(mediaHeaders).toHaveLength(2);
	});

	const mebibyte = Buffer.alloc(1024 * 1024);

	test.each([
		[
			'that says it is too large',
			(_: string, response: ServerResponse) =>
				void response
					.writeHead(200, { 'content-type': 'video/mp4', 'content-length': 100 * 1024 * 1024 })
					.write(mebibyte),
			'It is larger than 2 MB, the Max File Size.',
		],
		[
			'of 100 MB that does not say so',
			(_: string, response: ServerResponse) => {
				response.setHeader('content-type', 'video/mp4');
				let left = 100;
				const more = () => {
					while (left-- > 0)
						if (!response.write(mebibyte)) return void response.once('drain', more);
					response.end();
				};
				more();
			},
			'It is larger than 2 MB, the Max File Size.',
		],
		[
			'in whose place a web page comes',
			(_: string, response: ServerResponse) =>
				void response
					.setHeader('content-type', 'text/html; charset=utf-8')
					.end('<html>Sign in</html>'),
			'The media host answered with a web page in place of the file.',
		],
		[
			'whose host is in trouble',
			(_: string, response: ServerResponse) => void response.writeHead(500).end(),
			'The media host answered 500.',
		],
		[
			'whose connection ends early',
			(_: string, response: ServerResponse) => {
				response.writeHead(200, { 'content-type': 'image/jpeg', 'content-length': 1000 });
				response.write(JPEG, () => response.destroy());
			},
			'The connection to the media host was lost.',
		],
		[
			'that leads round in circles',
			(_: string, response: ServerResponse) =>
				void response.writeHead(302, { location: '/media/again' }).end(),
			'The media host redirects without end, or to no web address.',
		],
		[
			'that leads to a file',
			(_: string, response: ServerResponse) =>
				void response.writeHead(302, { location: 'file:///etc/passwd' }).end(),
			'The media host redirects without end, or to no web address.',
		],
	])('a file %s is named, and the item arrives', async (_, listener, message) => {
		onMedia = listener;
		const item = await getDecision({ maxFileSize: 2 });
		expect(fault(item)).toBe(message);
		expect(item.binary ?? {}).toEqual({});
		expect(item.json.status).toBe('Approved');
	});

	test.each([
		['never answers', () => undefined],
		[
			'stops half-way',
			(_: string, response: ServerResponse) =>
				void response.writeHead(200, { 'content-type': 'image/jpeg' }).write(JPEG),
		],
	])('a host that %s is given up', async (_, listener) => {
		const timeout = AbortSignal.timeout.bind(AbortSignal);
		const hurry = jest.spyOn(AbortSignal, 'timeout').mockImplementation((ms) => timeout(ms / 200));
		onMedia = listener;
		expect(fault(await getDecision())).toBe('The media host did not send it within 60 seconds.');
		hurry.mockRestore();
	});
});

describe('with the real Didit', () => {
	const didit = (front_image: string) =>
		nock(API).get(`/v3/session/${SESSION}/decision/`).reply(200, decisionWith({ front_image }));
	const NOT_PUBLIC = 'Its address is not on the public internet, so it was not requested.';
	const LEADS_INSIDE =
		/^Its host name leads to an address that is not on the public internet, so it was not requested\. .*N8N_SSRF_ALLOWED_HOSTNAMES\.$/;

	/** What each name leads to, for n8n's own resolver; the rest is not known. */
	let names: Record<string, string[]>;
	let lookup: jest.SpyInstance;
	beforeEach(() => {
		names = {
			'media.example.com': ['93.184.215.14'],
			'cdn.example.net': ['93.184.215.15', '2606:2800:21f::1'],
		};
		lookup = jest.spyOn(dns.promises, 'lookup').mockImplementation((async (name: string) => {
			const addresses = names[name];
			if (addresses === undefined)
				throw Object.assign(new Error(`getaddrinfo ENOTFOUND ${name}`), { code: 'ENOTFOUND' });
			return addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
		}) as never);
	});
	afterEach(() => lookup.mockRestore());

	test.each([
		'http://127.0.0.1/x.jpg',
		'http://169.254.169.254/latest/meta-data',
		'https://[::1]/x',
		'http://intranet/x',
		'http://payments.prod.svc/x',
		'http://payments.prod.svc.cluster.local/x',
		'http://168.63.129.16/machine/',
		'http://metadata.goog/x',
		'http://127.0.0.1.nip.io/x',
		'http://7f000001.nip.io/x',
		'http://app-10-0-0-1.sslip.io/x',
		'http://localtest.me/x',
	])('a file at %s is not requested, nor is its name looked up', async (url) => {
		didit(url);
		expect(fault(await getDecision({}, API))).toBe(NOT_PUBLIC);
		expect(lookup).not.toHaveBeenCalled();
	});

	test.each([
		[['127.0.0.1']],
		[['10.0.0.1']],
		[['169.254.169.254']],
		[['fd00::1']],
		[['93.184.215.14', '192.168.0.1']],
	])('a name that leads to %j is not requested', async (addresses) => {
		names['inside.example.com'] = addresses;
		didit('https://inside.example.com/front.jpg');
		expect(fault(await getDecision({}, API))).toMatch(LEADS_INSIDE);
	});

	test('a name that is known to a proxy alone is requested', async () => {
		didit('https://unknown-here.example.com/front.jpg');
		nock('https://unknown-here.example.com')
			.get('/front.jpg')
			.reply(200, JPEG, { 'content-type': 'image/jpeg' });
		expect(Object.keys((await getDecision({}, API)).binary!)).toEqual(['front_image']);
	});

	test('a redirect to a private address is not followed', async () => {
		didit('https://media.example.com/front.jpg');
		nock('https://media.example.com')
			.get('/front.jpg')
			.reply(302, '', { location: `${baseUrl}/media/secret` });
		expect(fault(await getDecision({}, API))).toBe(NOT_PUBLIC);
		expect(mediaHeaders).toEqual([]);
	});

	test('nor one to a name that leads to one', async () => {
		names['inside.example.com'] = ['127.0.0.1'];
		didit('https://media.example.com/front.jpg');
		nock('https://media.example.com')
			.get('/front.jpg')
			.reply(302, '', { location: 'https://inside.example.com/x' });
		expect(fault(await getDecision({}, API))).toMatch(LEADS_INSIDE);
	});

	test('a redirect to another public host is followed, without the key', async () => {
		didit('https://media.example.com/front.jpg');
		nock('https://media.example.com')
			.get('/front.jpg')
			.reply(307, '', { location: 'https://cdn.example.net/f.jpg' });
		nock('https://cdn.example.net', { badheaders: ['x-api-key', 'authorization'] })
			.get('/f.jpg')
			.reply(200, JPEG, { 'content-type': 'image/jpeg' });
		expect(Object.keys((await getDecision({}, API)).binary!)).toEqual(['front_image']);
	});
});

describe('the trigger', () => {
	onRealSockets();

	const options = { downloadFiles: ['documentImages'] };
	const withFiles = triggerNode({ ...MANUAL, options });
	const event = () =>
		sessionEvent({ decision: decisionWith({ front_image: `${baseUrl}/media/front.jpg` }) });

	test.each(['simplified', 'idsAndStatus', 'selectedFields'])(
		'%s: gives the files with the event, and n8n stores no link to them',
		async (output) => {
			// Those of the event are not used: they are not stored.
			const old = decisionWith({ front_image: `${baseUrl}/media/old.jpg` });
			const requested: string[] = [];
			onMedia = (name, response) => {
				requested.push(name);
				response.setHeader('content-type', 'image/jpeg').end(JPEG);
			};
			const delivery = await deliverTo(sent(sessionEvent({ decision: old })), {
				node: triggerNode({ ...MANUAL, options, output }),
				credentials: await withApiKey({ baseUrl }),
			});
			const [{ binary, json }] = delivery.items;
			expect(Buffer.from(binary!.front_image.data, 'base64')).toEqual(JPEG);
			expect(json.files).toEqual([
				{ path: 'id_verifications[0].front_image', property: 'front_image' },
			]);
			expect([requested, decisionsRead]).toEqual([['front.jpg'], 1]);
			expect(inspect([delivery.result, delivery.items], { depth: null })).not.toContain('/media/');
		},
	);

	test('Raw: the links of the event are good enough, and renewed when they have ended', async () => {
		const node = triggerNode({ ...MANUAL, options, output: 'raw' });
		const credentials = await withApiKey({ baseUrl });
		const first = await deliverTo(sent(event()), { node, credentials });
		expect([Object.keys(first.items[0].binary!), decisionsRead]).toEqual([['front_image'], 0]);
		onMedia = (name, response) => {
			if (name === 'old.jpg') response.statusCode = 403;
			response.setHeader('content-type', 'image/jpeg').end(JPEG);
		};
		const old = decisionWith({ front_image: `${baseUrl}/media/old.jpg` });
		const second = await deliverTo(sent(sessionEvent({ event_id: '2', decision: old })), {
			node,
			credentials,
		});
		expect([Object.keys(second.items[0].binary!), decisionsRead]).toEqual([['front_image'], 1]);
	});

	test('without Download Files Didit is not asked', async () => {
		const { items } = await deliverTo(sent(event()), {
			credentials: await withApiKey({ baseUrl }),
		});
		expect([items[0].binary, decisionsRead]).toEqual([undefined, 0]);
	});

	test('an event without a decision has none', async () => {
		const { items } = await deliverTo(sent({ ...payload('v3-webhook-in-progress') }), {
			node: withFiles,
			credentials: await withApiKey({ baseUrl }),
		});
		expect(items).toHaveLength(1);
		expect(items[0].json.files).toBeUndefined();
	});

	test('a credential that can not be used costs the files, not the event', async () => {
		const { items } = await deliverTo(sent(event()), {
			node: withFiles,
			credentials: await withApiKey({ baseUrl: 'nonsense' }),
		});
		expect(items).toHaveLength(1);
		expect(items[0].json.files).toEqual([{ error: "The credential's Base URL can't be used" }]);
	});
});
