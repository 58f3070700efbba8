/** The life of a session: creation, moves between statuses, expiry. */

import { randomUUID } from 'node:crypto';

import type { State } from '.';
import type { Application } from './application';
import type { WorkflowConfig } from '../applications';
import { initialDetails } from '../decision/details';
import {
	type FeatureCode,
	FEATURES,
	type FeatureStatus,
	type Finding,
	resubmitName,
} from '../decision/features';
import { SCENARIOS } from '../decision/scenarios';
import type { WebhookSender } from '../events/sender';
import type { Json, JsonObject } from '../json';
import { isoTime, randomToken } from '../values';
import { blockingFinding } from './blocking';
import { addEntity, findEntity } from './entities';
import type { Details, ResubmitNode, Session, SessionStatus } from './session';

/** What a person does on the hosted page, and what happens to a session without one. */
export type Outcome =
	| 'start'
	| 'approve'
	| 'decline'
	| 'review'
	| 'abandon'
	| 'resubmit'
	| 'awaitUser'
	| 'expire'
	| 'kycExpire';

export const UNFINISHED: SessionStatus[] = [
	'Not Started',
	'In Progress',
	'Resubmitted',
	'Awaiting User',
];

const WEEK_SECONDS = 604_800;

export interface NewSession {
	application: Application;
	apiVersion: 1 | 3;
	workflow: WorkflowConfig | null;
	features: FeatureCode[];
	featuresText: string;
	vendorData: string | null;
	metadata: Json;
	callback: string | null;
	callbackMethod: string;
	language: string | null;
	expectedDetails: JsonObject | null;
	contactDetails: JsonObject | null;
	scenario: string | null;
}

/** A standalone check that is kept. */
export interface RecordedCheck {
	id: string;
	application: Application;
	feature: FeatureCode;
	result: JsonObject & { status: 'Approved' | 'Declined' | 'In Review' };
	vendorData: string | null;
	metadata: Json;
}

/** What is the importing application's own of a shared session. */
export type ImportedSession = Pick<Session, 'application' | 'status' | 'vendorData' | 'workflow'>;

export class Sessions {
	private readonly idByToken = new Map<string, string>();

	constructor(
		private readonly state: State,
		private readonly sender: WebhookSender,
	) {}

	create(fields: NewSession): Session {
		const now = this.state.now();
		const life = fields.workflow?.sessionExpirationSeconds ?? WEEK_SECONDS;
		const session: Session = {
			...fields,
			id: randomUUID(),
			number: this.state.nextNumber++,
			token: randomToken(12),
			kind: fields.workflow?.type === 'kyb' ? 'business' : 'user',
			status: 'Not Started',
			origin: 'HOSTED',
			results: new Map(),
			checked: new Map(),
			finding: null,
			details: null,
			reviews: [],
			notes: [],
			hitReviews: new Map(),
			resubmit: null,
			createdAt: now,
			expiresAt: now + life * 1000,
		};
		for (const code of session.features) session.results.set(code, 'Not Finished');
		this.state.sessions.set(session.id, session);
		this.idByToken.set(session.token, session.id);
		this.noticeEntity(session);
		void this.sender.sessionEvent(session);
		return session;
	}

	/** Stores a standalone check as a finished session, and announces it once. */
	record(check: RecordedCheck): Session {
		const now = this.state.now();
		const session: Session = {
			id: check.id,
			number: this.state.nextNumber++,
			token: randomToken(12),
			application: check.application,
			kind: check.feature.startsWith('KYB') ? 'business' : 'user',
			apiVersion: 3,
			language: null,
			workflow: null,
			features: [check.feature],
			featuresText: check.feature,
			vendorData: check.vendorData,
			metadata: check.metadata,
			callback: null,
			callbackMethod: 'initiator',
			expectedDetails: null,
			contactDetails: null,
			scenario: null,
			status: check.result.status,
			origin: 'API',
			results: new Map([[check.feature, check.result.status]]),
			checked: new Map([[check.feature, check.result]]),
			finding: null,
			details: null,
			reviews: [],
			notes: [],
			hitReviews: new Map(),
			resubmit: null,
			createdAt: now,
			expiresAt: now + WEEK_SECONDS * 1000,
		};
		this.state.sessions.set(session.id, session);
		this.noticeEntity(session);
		void this.sender.sessionEvent(session);
		return session;
	}

	/** A session of another application becomes one of this, finished from the beginning, and announced once. */
	import(original: Session, own: ImportedSession): Session {
		const now = this.state.now();
		const session: Session = {
			...original,
			...own,
			id: randomUUID(),
			number: this.state.nextNumber++,
			token: randomToken(12),
			metadata: null,
			callback: null,
			// There is no page to go through.
			origin: 'API',
			results: new Map(original.results),
			checked: new Map(original.checked),
			reviews: [],
			notes: [],
			hitReviews: new Map(),
			createdAt: now,
			expiresAt: now + WEEK_SECONDS * 1000,
		};
		this.state.sessions.set(session.id, session);
		this.noticeEntity(session);
		void this.sender.sessionEvent(session);
		return session;
	}

	/** The session, its expiry noticed; undefined for an unknown id. */
	find(id: string): Session | undefined {
		const session = this.state.sessions.get(id);
		if (session) this.expireWhenDue(session);
		return session;
	}

	findByToken(token: string): Session | undefined {
		return this.find(this.idByToken.get(token) ?? '');
	}

	/** Newest first, of one application. */
	all(application: Application): Session[] {
		const own = [...this.state.sessions.values()].filter(
			(session) => session.application === application,
		);
		for (const session of own) this.expireWhenDue(session);
		return own.reverse();
	}

	/** The unfinished session that the same vendor data gets again (docs.didit.me, create-session). */
	reusable(
		application: Application,
		workflow: WorkflowConfig,
		vendorData: string,
	): Session | undefined {
		for (const session of this.state.sessions.values()) {
			if (
				session.application === application &&
				session.vendorData === vendorData &&
				session.workflow?.workflowId === workflow.workflowId
			) {
				this.expireWhenDue(session);
				if (UNFINISHED.includes(session.status)) return session;
			}
		}
		return undefined;
	}

	/** The person opened the page: `In Progress`, announced once. */
	open(session: Session): void {
		if (['Not Started', 'Resubmitted', 'Awaiting User'].includes(session.status)) {
			void this.move(session, 'In Progress');
		}
	}

	/**
	 * Moves a session to its outcome through the statuses that Didit passes; resolves after the
	 * first delivery attempts.
	 *
	 * @throws Error when the session can't reach the outcome any more
	 */
	async complete(session: Session, outcome: Outcome, details?: Partial<Details>): Promise<void> {
		this.expireWhenDue(session);
		if (outcome === 'kycExpire') {
			if (session.status !== 'Approved') await this.complete(session, 'approve', details);
			return await this.move(session, 'Kyc Expired');
		}
		if (outcome === 'resubmit') {
			if (UNFINISHED.includes(session.status)) await this.complete(session, 'review', details);
			const nodes = this.failedNodes(session);
			return await this.resubmit(session, nodes, 'Image not readable');
		}
		if (!UNFINISHED.includes(session.status)) {
			throw new Error(`Session ${session.id} is finished: ${session.status}`);
		}
		if (outcome === 'expire') return await this.move(session, 'Expired');
		this.open(session);
		if (outcome === 'start') return await this.sender.idle();
		if (outcome === 'awaitUser') return await this.move(session, 'Awaiting User');
		if (outcome === 'abandon') return await this.move(session, 'Abandoned');
		session.details = { ...initialDetails(session), ...session.details, ...details };
		session.finding = blockingFinding(session) ?? findingFor(session, outcome);
		session.resubmit = null;
		for (const code of session.features) {
			session.results.set(
				code,
				session.finding?.feature === code ? session.finding.status : 'Approved',
			);
		}
		await this.move(session, session.finding?.status ?? 'Approved');
	}

	/** Someone corrected the data in the Console: `data.updated`. */
	async updateData(session: Session, details: Partial<Details>): Promise<void> {
		session.details = { ...initialDetails(session), ...session.details, ...details };
		await this.sender.sessionEvent(session, 'data.updated');
	}

	/** A reviewer's decision in the Console or through the API. */
	async review(
		session: Session,
		status: 'Approved' | 'Declined',
		comment: string | null,
	): Promise<void> {
		this.note(session, status, comment);
		await this.move(session, status);
	}

	/** Asks the person to repeat some steps. */
	async resubmit(session: Session, nodes: ResubmitNode[], reason: string | null): Promise<void> {
		session.resubmit = {
			nodes,
			reasons: reason ? Object.fromEntries(nodes.map((node) => [node.node_id, reason])) : {},
		};
		for (const code of session.features) {
			if (nodes.some((node) => node.node_id === FEATURES[code].nodeId)) {
				session.results.set(code, 'Resub Requested');
			}
		}
		this.note(session, 'Resubmitted', reason);
		session.expiresAt = Math.max(session.expiresAt, this.state.now() + WEEK_SECONDS * 1000);
		await this.move(session, 'Resubmitted');
	}

	/** The steps that a resubmission without a list repeats: those that were not approved. */
	failedNodes(session: Session): ResubmitNode[] {
		const failed: FeatureStatus[] = ['Declined', 'In Review'];
		return session.features.flatMap((code) => {
			const feature = resubmitName(code);
			const status = session.results.get(code);
			return feature && status && failed.includes(status)
				? [{ node_id: FEATURES[code].nodeId, feature }]
				: [];
		});
	}

	/** The first session with some vendor data makes a user or a business. */
	private noticeEntity({ application, kind, vendorData }: Session): void {
		if (vendorData && !findEntity(application.entities, kind, vendorData)) {
			addEntity(application.entities, kind, vendorData, this.state.now());
		}
	}

	private note(session: Session, status: SessionStatus, comment: string | null): void {
		session.reviews.push({
			user: 'compliance@example.com',
			new_status: status,
			comment,
			created_at: isoTime(this.state.now()),
		});
	}

	private async move(session: Session, status: SessionStatus): Promise<void> {
		session.status = status;
		await this.sender.sessionEvent(session);
	}

	private expireWhenDue(session: Session): void {
		if (session.expiresAt > this.state.now() || !UNFINISHED.includes(session.status)) return;
		const started = session.status === 'In Progress' || session.status === 'Awaiting User';
		void this.move(session, started ? 'Abandoned' : 'Expired');
	}
}

/** A sandbox scenario decides over the button that was pressed. */
function findingFor(session: Session, outcome: 'approve' | 'decline' | 'review'): Finding | null {
	const business = session.kind === 'business';
	const withAml = session.features.includes('AML');
	const scenario =
		session.scenario ??
		{
			approve: 'approve',
			decline: business ? 'decline_kyb_registry_mismatch' : 'decline_document_expired',
			review: withAml && !business ? 'review_aml_possible_match' : 'review_face_match_borderline',
		}[outcome];
	const finding = SCENARIOS[scenario];
	if (!finding) return null;
	// A workflow without that check fails in its first one.
	return session.features.includes(finding.feature)
		? finding
		: { ...finding, feature: session.features[0] };
}
