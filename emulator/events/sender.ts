/** Deliveries: who gets an event, in which envelope, signed how, tried how often. */

import { randomUUID } from 'node:crypto';

import type { WebhookVersion } from '../applications';
import type { MediaUrl } from '../decision/blocks';
import { type JsonObject, parseJson, wireJson } from '../json';
import type { State } from '../state';
import type { Application } from '../state/application';
import type { Delivery, Destination } from '../state/delivery';
import type { Session } from '../state/session';
import { epochSeconds } from '../values';
import { Disturbances } from './disturbances';
import { sessionEnvelope } from './envelope';
import { signedHeaders } from './signing';

const SESSION_EVENTS = ['status.updated', 'data.updated'];

interface Target {
	destinationId: string | null;
	url: string;
	version: WebhookVersion;
	/** Read at each attempt: a resend uses the current secret. */
	secret: () => string;
}

/** One event for one target; `timestamp` is added at each attempt. */
interface Parcel {
	application: Application;
	target: Target;
	event: string;
	payload: JsonObject;
	sessionId: string | null;
	extraHeaders?: Record<string, string>;
}

export interface SenderOptions {
	/** ms before the second and the third attempt */
	retryDelaysMs: [number, number];
	/** ms without an answer that count as a failure */
	timeoutMs: number;
	media: (session: Session) => MediaUrl;
	log: (line: string) => void;
}

/** Didit retries 5xx, 404, timeouts and connection failures; nothing else (docs.didit.me, integration-prompt). */
function deservesRetry(status: number | null): boolean {
	return status === null || status === 404 || status >= 500;
}

export class WebhookSender {
	readonly disturbances = new Disturbances();
	private readonly timers = new Set<NodeJS.Timeout>();
	/** Attempts that wait for another one to overtake them. */
	private readonly held: Array<() => Promise<void>> = [];
	private readonly inFlight = new Set<Promise<unknown>>();
	private readonly aborter = new AbortController();
	/** Keeps one session's first attempts in order. */
	private readonly queues = new Map<string, Promise<unknown>>();

	constructor(
		private readonly state: State,
		private readonly options: SenderOptions,
	) {}

	/** Sends a session's event to everyone who wants it; resolves after the first attempts. */
	async sessionEvent(session: Session, event = 'status.updated'): Promise<void> {
		const eventId = randomUUID();
		const createdAt = epochSeconds(this.state.now());
		const parcels = this.targets(session.application, event).map((target) => ({
			application: session.application,
			target,
			event,
			payload: sessionEnvelope(
				{ session, event, eventId, createdAt },
				target.version,
				this.state.url,
				this.options.media(session),
			),
			sessionId: session.id,
		}));
		const before = this.queues.get(session.id) ?? Promise.resolve();
		const sending = before.then(async () => {
			await Promise.all(parcels.map(async (parcel) => await this.attempt(parcel, 1)));
		});
		this.queues.set(session.id, sending);
		await this.track(sending);
	}

	/** Sends an event that belongs to no session (user, business, transaction, ...). */
	async entityEvent(application: Application, event: string, fields: JsonObject): Promise<void> {
		const payload: JsonObject = {
			event_id: randomUUID(),
			webhook_type: event,
			created_at: epochSeconds(this.state.now()),
			application_id: application.config.id,
			environment: application.config.environment,
			...fields,
		};
		const sending = this.targets(application, event).map(
			async (target) =>
				await this.attempt({ application, target, event, payload, sessionId: null }, 1),
		);
		await this.track(Promise.all(sending));
	}

	/** The Console's "Test Webhook": signed, marked, without `event_id`, never retried. */
	async consoleTest(application: Application, url?: string): Promise<Delivery[]> {
		const payload: JsonObject = {
			created_at: epochSeconds(this.state.now()),
			decision: { session_id: '7c9e6679-7425-40de-944b-e07fc1f90ae7', status: 'Approved' },
			metadata: { test_webhook: true },
			session_id: '7c9e6679-7425-40de-944b-e07fc1f90ae7',
			status: 'Approved',
			vendor_data: 'test-vendor-data-123',
			webhook_type: 'status.updated',
			workflow_id: application.config.workflows[0]?.workflowId ?? randomUUID(),
		};
		const known = this.targets(application, 'status.updated', true);
		const target = known.find((candidate) => candidate.url === url);
		const unknown: Target = {
			destinationId: null,
			url: url ?? '',
			version: 'v3',
			secret: () => application.webhook.secret,
		};
		const targets = url === undefined ? known : [target ?? unknown];
		return await this.track(
			Promise.all(
				targets.map(
					async (to) =>
						await this.send(
							{
								application,
								target: to,
								event: 'status.updated',
								payload,
								sessionId: null,
								extraHeaders: { 'X-Didit-Test-Webhook': 'true' },
							},
							1,
						),
				),
			),
		);
	}

	/** Sends a stored payload again, to the address of the first time, with a new timestamp, new signatures and the current secret. */
	async resend(
		application: Application,
		destination: Destination,
		old: Delivery,
	): Promise<Delivery> {
		const parcel: Parcel = {
			application,
			target: { ...destinationTarget(destination), url: old.url },
			event: old.event,
			payload: parseJson(old.body) as JsonObject,
			sessionId: old.sessionId,
		};
		return await this.track(this.send(parcel, 1));
	}

	/** Posts to an address that a request named: without a signature, and once. */
	unsigned(url: string, payload: JsonObject): void {
		const headers = { 'Content-Type': 'application/json' };
		const signal = AbortSignal.any([
			this.aborter.signal,
			AbortSignal.timeout(this.options.timeoutMs),
		]);
		void this.track(post(url, wireJson(payload), headers, signal));
	}

	/** Resolves when no attempt is under way; waiting retries don't count. */
	async idle(): Promise<void> {
		while (this.inFlight.size > 0) await Promise.allSettled([...this.inFlight]);
	}

	/** How many events wait for their next attempt, or are delayed. */
	get waiting(): number {
		return this.timers.size;
	}

	close(): void {
		this.aborter.abort();
		for (const timer of this.timers) clearTimeout(timer);
		this.timers.clear();
	}

	private async track<T>(work: Promise<T>): Promise<T> {
		this.inFlight.add(work);
		try {
			return await work;
		} finally {
			this.inFlight.delete(work);
		}
	}

	/** Enabled destinations silence the application-level webhook, whatever they subscribe to. */
	private targets(application: Application, event: string, anyEvent = false): Target[] {
		const enabled = application.destinations.filter((destination) => destination.enabled);
		if (enabled.length > 0) {
			return enabled
				.filter((destination) => anyEvent || destination.events.includes(event))
				.map(destinationTarget);
		}
		const { url, version } = application.webhook;
		if (!url || !SESSION_EVENTS.includes(event)) return [];
		return [{ destinationId: null, url, version, secret: () => application.webhook.secret }];
	}

	private async attempt(parcel: Parcel, attempt: number): Promise<void> {
		const disturbance = this.disturbances.take(parcel);
		if (disturbance?.kind === 'delay') {
			this.later(disturbance.delayMs ?? 0, async () => await this.deliver(parcel, attempt));
		} else if (disturbance?.kind === 'reorder') {
			this.held.push(async () => await this.deliver(parcel, attempt));
		} else {
			await this.deliver(parcel, attempt, disturbance?.kind === 'lose');
			const copies = disturbance?.kind === 'repeat' ? (disturbance.copies ?? 1) : 0;
			for (let copy = 0; copy < copies; copy++) await this.send(parcel, attempt);
			const overtaken = this.held.splice(0);
			for (const deliver of overtaken) await deliver();
		}
	}

	private async deliver(parcel: Parcel, attempt: number, isLost = false): Promise<void> {
		const delivery = await this.send(parcel, attempt, isLost);
		const delay = this.options.retryDelaysMs[attempt - 1];
		if (delay === undefined || !deservesRetry(delivery.status)) return;
		this.later(delay, async () => await this.attempt(parcel, attempt + 1));
	}

	private later(delay: number, work: () => Promise<void>): void {
		if (this.aborter.signal.aborted) return;
		const timer = setTimeout(() => {
			this.timers.delete(timer);
			void this.track(work());
		}, delay);
		this.timers.add(timer);
	}

	/** @param isLost it does not arrive, and nobody answers */
	private async send(parcel: Parcel, attempt: number, isLost = false): Promise<Delivery> {
		const sentAt = this.state.now();
		const payload = { ...parcel.payload, timestamp: epochSeconds(sentAt) };
		const body = wireJson(payload);
		const headers = {
			...signedHeaders(payload, parcel.target.secret(), body),
			...parcel.extraHeaders,
		};
		const startedAt = Date.now();
		const result = isLost
			? { status: null, error: 'Lost on its way' }
			: await post(
					parcel.target.url,
					body,
					headers,
					AbortSignal.any([this.aborter.signal, AbortSignal.timeout(this.options.timeoutMs)]),
				);
		const eventId = parcel.payload.event_id;
		const delivery: Delivery = {
			uuid: randomUUID(),
			...(typeof eventId === 'string' ? { eventId } : {}),
			event: parcel.event,
			applicationId: parcel.application.config.id,
			destinationId: parcel.target.destinationId,
			sessionId: parcel.sessionId,
			url: parcel.target.url,
			attempt,
			...result,
			headers,
			body,
			sentAt,
			durationMs: Date.now() - startedAt,
		};
		this.state.deliveries.push(delivery);
		this.options.log(
			`webhook ${parcel.event} ${String(parcel.payload.status ?? '')} attempt ${attempt} -> ` +
				`${result.status ?? result.error ?? 'no answer'}`,
		);
		return delivery;
	}
}

function destinationTarget(destination: Destination): Target {
	return {
		destinationId: destination.uuid,
		url: destination.url,
		version: destination.webhookVersion,
		secret: () => destination.secret,
	};
}

/** One POST on a connection of its own; redirects are answers, not followed. */
async function post(
	url: string,
	body: string,
	headers: Record<string, string>,
	signal: AbortSignal,
): Promise<{ status: number | null; error?: string }> {
	try {
		const response = await fetch(url, {
			method: 'POST',
			headers: { ...headers, Connection: 'close' },
			body,
			redirect: 'manual',
			signal,
		});
		// Only the status counts; what else the receiver says is not waited for.
		void response.body?.cancel().catch(() => undefined);
		return { status: response.status };
	} catch (error) {
		const { message, cause } = error as Error;
		return { status: null, error: cause instanceof Error ? cause.message : message };
	}
}
