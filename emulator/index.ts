/** An emulator of Didit on loopback, for the demo, the tests and the benchmark. */

import { randomBytes } from 'node:crypto';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { type ApplicationConfig, DEMO_APPLICATION } from './applications';
import { sessionUrl } from './decision/envelope';
import type { Disturbance } from './events/disturbances';
import { WebhookSender } from './events/sender';
import type { Fault } from './http/faults';
import { DEFAULT_LIMITS, type Limits, Throttle } from './http/limits';
import { answerJson, type JsonObject, parseJson } from './json';
import { presigner } from './media';
import { createServer } from './server';
import type { Service } from './service';
import type { LoggedRequest, State } from './state';
import type { Application } from './state/application';
import { Account } from './state/account';
import { Codes } from './state/codes';
import type { Delivery } from './state/delivery';
import { systemBlocklists } from './state/lists';
import type { Details, Session, SessionStatus } from './state/session';
import { type Outcome, Sessions } from './state/sessions';

export {
	DEMO_APPLICATION,
	DEMO_SANDBOX_APPLICATION,
	type ApplicationConfig,
	type WorkflowConfig,
} from './applications';
export type { Disturbance } from './events/disturbances';
export type { Fault } from './http/faults';
export type { Outcome } from './state/sessions';
export type { LoggedRequest } from './state';
export type { Delivery } from './state/delivery';
export type { Details, SessionStatus } from './state/session';
export { EVENTS } from './events/names';

export interface EmulatorOptions {
	/** 0 (default): any free port. */
	port?: number;
	/** One live application, `DEMO_APPLICATION`, unless told. */
	applications?: ApplicationConfig[];
	/** Added to every API answer. */
	latencyMs?: number;
	/** Per key and minute; Didit's own unless told. */
	limits?: Partial<Limits>;
	/** Lets webhook addresses be `http://127.0.0.1`, which Didit refuses. */
	allowLoopbackDestinations?: boolean;
	/** The documented shapes of `GET /v3/workflows/`: the newer (default) or the older. */
	workflowsShape?: 'paginated' | 'array';
	/** Before the second and the third attempt of a webhook, in ms; Didit's 1 and 4 minutes unless told. */
	retryDelaysMs?: [number, number];
	/** How long a webhook waits for an answer, in ms; Didit's 5 seconds unless told. */
	webhookTimeoutMs?: number;
	/** epoch ms */
	clock?: () => number;
	/** Life of the media URLs in ms; an hour unless told. */
	mediaTtlMs?: number;
	/** Deletions answer 204 without a body, as before autumn 2026. */
	emptyDeleteAnswers?: boolean;
	/** The organization's credits in dollars; `10000.0000` unless told. */
	balance?: string;
	log?: (line: string) => void;
}

/** A session as tests see it. */
export interface SessionView {
	id: string;
	number: number;
	url: string;
	status: SessionStatus;
	applicationId: string;
	apiVersion: 1 | 3;
	workflowId: string | null;
	vendorData: string | null;
	metadata: unknown;
	callback: string | null;
	callbackMethod: string;
	language: string | null;
	contactDetails: unknown;
	expectedDetails: unknown;
}

export interface DestinationView {
	uuid: string;
	label: string;
	url: string;
	enabled: boolean;
	webhookVersion: string;
	secret: string;
	events: string[];
}

export interface Emulator {
	/** Base URL of the verification API, the hosted pages and the media. */
	url: string;
	/** Base URL for `/auth/v2/token/`: the same host. */
	authUrl: string;
	/** Stops everything, waiting retries included. */
	close(): Promise<void>;
	/** Every webhook attempt so far, oldest first. */
	deliveries(): Delivery[];
	/** Newest first. */
	sessions(): SessionView[];
	/** Every request so far, oldest first, without secrets. */
	requests(): LoggedRequest[];
	destinations(applicationId?: string): DestinationView[];
	/**
	 * What the hosted page's buttons do, and what else can happen to a session; resolves after the
	 * first delivery attempts.
	 *
	 * @throws Error for an unknown session or one that can't reach the outcome
	 */
	complete(sessionId: string, outcome: Outcome, details?: Partial<Details>): Promise<void>;
	/** Someone corrected a session's data in the Console: `data.updated`. */
	updateData(sessionId: string, details: Partial<Details>): Promise<void>;
	/** The Console's "Test Webhook": to one address, else to all enabled ones. */
	sendTestWebhook(url?: string, applicationId?: string): Promise<Delivery[]>;
	/** An event that belongs to no session, such as `user.status.updated`. */
	sendEvent(event: string, fields: Record<string, unknown>, applicationId?: string): Promise<void>;
	/** The Console's application-level (legacy) webhook. */
	setWebhookUrl(applicationId: string, url: string | null, version?: 'v1' | 'v2' | 'v3'): void;
	/** Makes every token that was issued so far invalid. */
	expireTokens(): void;
	/** Resolves when no webhook attempt is under way; waiting retries don't count. */
	idle(): Promise<void>;
	/** How many events wait for their next attempt. */
	retriesWaiting(): number;
	/** The credits that are left, in dollars with four decimals. */
	balance(): string;
	fault(fault: Fault): void;
	/** Webhooks get lost, are late, overtaken or repeated. */
	disturb(disturbance: Disturbance): void;
	/** Ends what `fault` and `disturb` have ordered. */
	clearFaults(): void;
}

const HOUR_MS = 3_600_000;

function newApplication(config: ApplicationConfig, now: number): Application {
	return {
		config,
		webhook: {
			url: config.webhookUrl ?? null,
			version: config.webhookVersion,
			secret: config.webhookSecret,
			captureMethod: 'both',
			dataRetentionMonths: null,
		},
		destinations: [],
		creations: [],
		entities: [],
		lists: systemBlocklists(now),
		codes: { email: new Codes(), phone: new Codes() },
		screenings: new Map(),
		transactions: [],
		searches: new Map(),
		monitoringJobs: new Map(),
	};
}

/**
 * Starts the emulator on 127.0.0.1.
 *
 * @throws Error when the port is taken
 */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
	const now = options.clock ?? Date.now;
	const log = options.log ?? (() => undefined);
	const state: State = {
		url: '',
		applications: (options.applications ?? [DEMO_APPLICATION]).map((config) =>
			newApplication(config, now()),
		),
		sessions: new Map(),
		nextNumber: 43_762,
		tokens: new Map(),
		shares: new Map(),
		deliveries: [],
		requests: [],
		now,
		mediaKey: randomBytes(32),
	};
	const media = (session: Pick<Session, 'id'>) =>
		presigner(state, session, options.mediaTtlMs ?? HOUR_MS);
	const sender = new WebhookSender(state, {
		retryDelaysMs: options.retryDelaysMs ?? [60_000, 240_000],
		timeoutMs: options.webhookTimeoutMs ?? 5_000,
		media,
		log,
	});
	const sessions = new Sessions(state, sender);
	const service: Service = {
		state,
		sessions,
		sender,
		throttle: new Throttle({ ...DEFAULT_LIMITS, ...options.limits }, now),
		media,
		account: new Account(options.balance ?? '10000.0000'),
		allowLoopbackDestinations: options.allowLoopbackDestinations ?? false,
		workflowsShape: options.workflowsShape ?? 'paginated',
		emptyDeleteAnswers: options.emptyDeleteAnswers ?? false,
	};
	const { server, faults } = createServer(service, { latencyMs: options.latencyMs ?? 0, log });
	await listen(server, options.port ?? 0);
	state.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

	const application = (id?: string): Application => {
		const found =
			id === undefined
				? state.applications[0]
				: state.applications.find(({ config }) => config.id === id);
		if (!found) throw new Error(`Unknown application ${id ?? ''}`);
		return found;
	};
	const session = (id: string): Session => {
		const found = sessions.find(id);
		if (!found) throw new Error(`Unknown session ${id}`);
		return found;
	};

	return {
		url: state.url,
		authUrl: state.url,
		async close() {
			sender.close();
			const closed = new Promise<void>((resolve) => server.close(() => resolve()));
			server.closeAllConnections();
			await Promise.all([closed, sender.idle()]);
		},
		deliveries: () => [...state.deliveries],
		sessions: () =>
			state.applications
				.flatMap((one) => sessions.all(one))
				.sort((a, b) => b.number - a.number)
				.map((one) => view(one, state.url)),
		requests: () => [...state.requests],
		destinations: (applicationId) =>
			application(applicationId).destinations.map(
				({ uuid, label, url, enabled, webhookVersion, secret, events }) => ({
					uuid,
					label,
					url,
					enabled,
					webhookVersion,
					secret,
					events: [...events],
				}),
			),
		complete: async (id, outcome, details) =>
			await sessions.complete(session(id), outcome, details),
		updateData: async (id, details) => await sessions.updateData(session(id), details),
		sendTestWebhook: async (url, applicationId) =>
			await sender.consoleTest(application(applicationId), url),
		sendEvent: async (event, fields, applicationId) =>
			await sender.entityEvent(
				application(applicationId),
				event,
				parseJson(JSON.stringify(fields)) as JsonObject,
			),
		setWebhookUrl(applicationId, url, version) {
			const { webhook } = application(applicationId);
			webhook.url = url;
			webhook.version = version ?? webhook.version;
		},
		expireTokens: () => state.tokens.clear(),
		idle: async () => await sender.idle(),
		retriesWaiting: () => sender.waiting,
		balance: () => service.account.balance,
		fault: (fault) => faults.add(fault),
		disturb: (disturbance) => sender.disturbances.add(disturbance),
		clearFaults() {
			faults.clear();
			sender.disturbances.clear();
		},
	};
}

function view(session: Session, base: string): SessionView {
	const plain = (value: Session['metadata']): unknown => JSON.parse(answerJson(value));
	return {
		id: session.id,
		number: session.number,
		url: sessionUrl(session, base),
		status: session.status,
		applicationId: session.application.config.id,
		apiVersion: session.apiVersion,
		workflowId: session.workflow?.workflowId ?? null,
		vendorData: session.vendorData,
		metadata: plain(session.metadata),
		callback: session.callback,
		callbackMethod: session.callbackMethod,
		language: session.language,
		contactDetails: plain(session.contactDetails),
		expectedDetails: plain(session.expectedDetails),
	};
}

async function listen(server: Server, port: number): Promise<void> {
	await new Promise<void>((resolve, reject) => {
		server.once('error', reject);
		server.listen(port, '127.0.0.1', () => {
			server.off('error', reject);
			resolve();
		});
	});
}
