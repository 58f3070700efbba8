import {
	DEMO_APPLICATION,
	DEMO_SANDBOX_APPLICATION,
	startEmulator,
	type Emulator,
	type EmulatorOptions,
} from '../../emulator';
import { callbackUrl } from '../../emulator/page/callback';

const KEY = DEMO_APPLICATION.apiKeys[0].key;
const [STANDARD, FULL, COMPANY] = DEMO_APPLICATION.workflows;

let emulator: Emulator;
let now: number;

async function start(options: EmulatorOptions = {}): Promise<void> {
	now = Date.parse('2026-11-23T08:00:00Z');
	emulator = await startEmulator({
		applications: [
			{ ...DEMO_APPLICATION, name: 'Shop <script>alert("x")</script>' },
			DEMO_SANDBOX_APPLICATION,
		],
		clock: () => now,
		...options,
	});
}
beforeEach(async () => await start());
afterEach(async () => await emulator.close());

async function create(body: object = {}, key = KEY): Promise<{ session_id: string; url: string }> {
	const response = await fetch(`${emulator.url}/v3/session/`, {
		method: 'POST',
		headers: { 'x-api-key': key, 'Content-Type': 'application/json' },
		body: JSON.stringify({ workflow_id: STANDARD.workflowId, ...body }),
	});
	expect(response.status).toBe(201);
	return (await response.json()) as { session_id: string; url: string };
}

async function open(url: string, method = 'GET'): Promise<{ status: number; markup: string }> {
	const response = await fetch(url, { method });
	return { status: response.status, markup: await response.text() };
}

async function press(url: string, form: Record<string, string>): Promise<Response> {
	return await fetch(url, { method: 'POST', body: new URLSearchParams(form), redirect: 'manual' });
}

async function decision(id: string): Promise<Record<string, Array<Record<string, never>>>> {
	const response = await fetch(`${emulator.url}/v3/session/${id}/decision/`, {
		headers: { 'x-api-key': KEY },
	});
	return (await response.json()) as never;
}

const status = () => emulator.sessions()[0].status;

it('says that it is an emulator, shows what is asked, and starts the session', async () => {
	const { url } = await create();
	expect((await open(url, 'HEAD')).status).toBe(200);
	expect(status()).toBe('Not Started');
	const { status: code, markup } = await open(url);
	expect(code).toBe(200);
	expect(markup).toContain('Emulator, not Didit.');
	for (const text of ['Identity document', 'Selfie (liveness)', 'Face match'])
		expect(markup).toContain(text);
	expect(markup).not.toContain('Proof of address');
	expect(markup).toContain('&lt;script&gt;');
	expect(markup).not.toContain('<script');
	expect(status()).toBe('In Progress');
});

it.each([
	['approve', 'Approved', 'Approved'],
	['decline', 'Declined', 'Declined'],
	['review', 'In Review', 'In%20Review'],
	['abandon', 'Abandoned', 'Abandoned'],
])('sends the person back after %s', async (outcome, expected, shown) => {
	const { session_id: id, url } = await create({ callback: 'https://example.com/done?order=7' });
	const response = await press(url, { outcome });
	expect(response.status).toBe(303);
	expect(response.headers.get('location')).toBe(
		`https://example.com/done?order=7&verificationSessionId=${id}&status=${shown}`,
	);
	expect(status()).toBe(expected);
});

it('keeps the details that the person wrote', async () => {
	const { session_id: id, url } = await create({
		expected_details: { first_name: 'Ivo', date_of_birth: '1980-05-06' },
	});
	const { markup } = await open(url);
	expect(markup).toContain('value="Ivo"');
	expect(markup).toContain('value="1980-05-06"');
	await press(url, {
		outcome: 'approve',
		first_name: 'Ana "A" <b>',
		last_name: "O'Nada",
		date_of_birth: '1999-12-31',
		country: 'PRT',
	});
	expect((await decision(id)).id_verifications[0]).toMatchObject({
		full_name: 'Ana "A" <b> O\'Nada',
		date_of_birth: '1999-12-31',
		issuing_state: 'PRT',
	});
});

it.each([
	['no button', {}],
	['another button', { outcome: 'hack' }],
	['an impossible date', { outcome: 'approve', date_of_birth: '1999-02-31' }],
	['an unknown country', { outcome: 'approve', country: 'XYZ' }],
	['no name', { outcome: 'approve', first_name: '  ' }],
	['a very long name', { outcome: 'approve', last_name: 'x'.repeat(201) }],
])('asks again for %s', async (_name, form: Record<string, string>) => {
	const { url } = await create();
	await open(url);
	const response = await press(url, form);
	expect(response.status).toBe(400);
	expect(await response.text()).toContain('role="alert"');
	expect(status()).toBe('In Progress');
});

it('ends on a page of its own without a callback, and stays finished', async () => {
	const { url } = await create();
	const first = await press(url, { outcome: 'approve' });
	expect(first.status).toBe(200);
	expect(await first.text()).toContain('Verification finished');
	await press(url, { outcome: 'decline' });
	expect(status()).toBe('Approved');
	expect((await open(url)).markup).toContain('Approved');
});

it('leads back again when a form is sent twice, with the true status', async () => {
	const { url } = await create({ callback: 'myapp://done' });
	await press(url, { outcome: 'approve' });
	const again = await press(url, { outcome: 'decline' });
	expect(again.headers.get('location')).toMatch(/^myapp:\/\/done\?verification.*&status=Approved$/);
});

it('has clear pages for unknown and expired links', async () => {
	const unknown = await open(`${emulator.url}/session/abcdefghijkl`);
	expect([unknown.status, unknown.markup.includes('This link is unknown')]).toEqual([404, true]);
	const { url } = await create({ callback: 'https://example.com/', language: 'es' });
	expect(url).toContain('/es/session/');
	now += 8 * 86_400_000;
	const expired = await open(url);
	expect([expired.status, expired.markup.includes('This link has expired')]).toEqual([410, true]);
	expect((await press(url, { outcome: 'approve' })).status).toBe(410);
	expect(status()).toBe('Expired');
});

it('shows only the steps to repeat after a resubmission', async () => {
	const { session_id: id, url } = await create();
	await emulator.complete(id, 'resubmit');
	const { markup } = await open(url);
	expect(markup).toContain('Face match');
	expect(markup).not.toContain('Identity document');
	await press(url, { outcome: 'approve' });
	expect(status()).toBe('Approved');
});

it('asks companies for a company, and names the sandbox scenario', async () => {
	const company = await create({ workflow_id: COMPANY.workflowId });
	expect((await open(company.url)).markup).toContain('Company name');
	const { url } = await create(
		{
			workflow_id: DEMO_SANDBOX_APPLICATION.workflows[0].workflowId,
			sandbox_scenario: 'decline_liveness_attack',
		},
		DEMO_SANDBOX_APPLICATION.apiKeys[0].key,
	);
	expect((await open(url)).markup).toContain('decline_liveness_attack');
	await press(url, { outcome: 'approve' });
	expect(status()).toBe('Declined');
});

it.each([
	['https://a.test/x', 'https://a.test/x?V&S'],
	['https://a.test/x?', 'https://a.test/x?V&S'],
	['https://a.test/x?a=1', 'https://a.test/x?a=1&V&S'],
	['https://a.test/x?a=1&', 'https://a.test/x?a=1&V&S'],
	['https://a.test/x#top', 'https://a.test/x?V&S#top'],
	['https://a.test/ñ 😀', 'https://a.test/%C3%B1%20%F0%9F%98%80?V&S'],
	['myapp://', 'myapp://?V&S'],
])('appends to %s', (callback, expected) => {
	expect(callbackUrl(callback, 'ID', 'In Review')).toBe(
		expected.replace('V&S', 'verificationSessionId=ID&status=In%20Review'),
	);
});

describe('the home page', () => {
	const home = async () => await open(`${emulator.url}/`);

	it('names what a credential and a session need', async () => {
		const { status: code, markup } = await home();
		expect(code).toBe(200);
		expect(markup).toContain('<h1>Emulator of Didit</h1>');
		for (const { apiKeys, clientId, clientSecret, webhookSecret, workflows } of [
			DEMO_APPLICATION,
			DEMO_SANDBOX_APPLICATION,
		]) {
			const { label, workflowId } = workflows[0];
			const texts = [clientId, clientSecret, webhookSecret, label, workflowId, emulator.url];
			for (const text of [apiKeys[0].key, ...texts]) expect(markup).toContain(text);
		}
		expect(markup).toContain('No session yet.');
		expect(markup).toContain('No webhook yet.');
	});

	it('shows the last ten sessions and webhooks, the newest first, and runs nothing that was typed', async () => {
		emulator.setWebhookUrl(DEMO_APPLICATION.id, `${emulator.url}/nobody`);
		for (let number = 1; number <= 11; number++) await create({ vendor_data: `user-${number}` });
		const { url, session_id: id } = await create({ vendor_data: '<script>user</script>' });
		await emulator.complete(id, 'approve');
		const { markup } = await home();
		const [sessions, webhooks] = markup
			.split('<section>')
			.slice(1)
			.map((section) => section.split('</section>')[0]);
		expect(sessions).toContain(`href="${url}"`);
		expect(sessions.match(/<tr>/g)).toHaveLength(1 + 10);
		expect(sessions).not.toContain('user-2<');
		expect(sessions.indexOf('user-11')).toBeLessThan(sessions.indexOf('user-10'));
		expect(webhooks).toContain('status.updated Approved');
		expect(webhooks).toContain('404');
		expect(markup).toContain('&lt;script&gt;user');
		expect(markup).not.toContain('<script');
	});
});

describe('media', () => {
	async function mediaUrls(): Promise<{ id: string; urls: string[] }> {
		const { session_id: id } = await create({ workflow_id: FULL.workflowId });
		await emulator.complete(id, 'approve');
		const text = JSON.stringify(await decision(id));
		return { id, urls: text.match(/http[^"]+\/media\/[^"]+/g) ?? [] };
	}

	it('serves real files of every kind under the addresses of the decision', async () => {
		const { urls } = await mediaUrls();
		const starts: Record<string, string> = {
			'image/jpeg': 'ffd8ff',
			'image/png': '89504e47',
			'application/pdf': '255044462d',
			'video/mp4': '0000001866747970',
		};
		const kinds = new Set<string>();
		for (const url of urls) {
			const response = await fetch(url);
			const type = response.headers.get('content-type') ?? '';
			const bytes = Buffer.from(await response.arrayBuffer());
			expect(response.headers.get('content-length')).toBe(String(bytes.length));
			expect(bytes.toString('hex').startsWith(starts[type])).toBe(true);
			kinds.add(type);
		}
		expect([...kinds].sort()).toEqual(Object.keys(starts).sort());
	});

	it('refuses unsigned, altered, expired and doubly authorised requests, and renews', async () => {
		const { id, urls } = await mediaUrls();
		const [url] = urls;
		expect(url).toContain('X-Amz-Expires=3600');
		const refused = async (address: string, headers: Record<string, string> = {}) => {
			const response = await fetch(address, { headers });
			return [response.status, /<Code>(\w+)</.exec(await response.text())?.[1]];
		};
		expect(await refused(url.split('?')[0])).toEqual([403, 'AccessDenied']);
		expect(await refused(url.replace('front', 'back').replace('portrait', 'back'))).toEqual([
			403,
			'SignatureDoesNotMatch',
		]);
		expect(await refused(url, { 'x-api-key': KEY })).toEqual([400, 'InvalidArgument']);
		expect(await refused(url, { Authorization: 'Bearer x' })).toEqual([400, 'InvalidArgument']);
		now += 3_600_000;
		expect(await refused(url)).toEqual([403, 'AccessDenied']);
		const renewed = (await decision(id)).id_verifications[0].portrait_image as string;
		expect((await fetch(renewed)).status).toBe(200);
	});
});
