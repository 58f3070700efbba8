/** People who verify themselves at the emulator, and what a workflow has made of their results. */
import { DEMO_APPLICATION, type Emulator } from '../../emulator';
import type { Sink } from '../../testbed/sink';

const [{ key }] = DEMO_APPLICATION.apiKeys;
const [{ workflowId }] = DEMO_APPLICATION.workflows;

const WORD = { approve: 'Approved', decline: 'Declined', review: 'In Review' } as const;
type Outcome = keyof typeof WORD;

/** What becomes of one person. */
export interface Course {
	outcome: Outcome;
	/** What a reviewer makes of it later, if anything. */
	review?: 'Approved' | 'Declined';
}

/** Half are approved; every fifth of these is declined later, and everybody in review is decided. */
export function courseOf(random: () => number): Course {
	const dice = random();
	if (dice < 0.55) return { outcome: 'approve', review: random() < 0.2 ? 'Declined' : undefined };
	if (dice < 0.75) return { outcome: 'decline' };
	return { outcome: 'review', review: random() < 0.5 ? 'Declined' : 'Approved' };
}

/** By which the counter knows what a workflow did. */
export const keyOf = (sessionId: string, status: string): string => `${sessionId} ${status}`;

export class People {
	/** The results of each session, in their order. */
	private readonly results = new Map<string, string[]>();

	constructor(
		private readonly emulator: Emulator,
		private readonly sink: Sink,
	) {}

	get count(): number {
		return this.results.size;
	}

	/** @returns A new session's ID. */
	async arrive(): Promise<string> {
		const vendor_data = `person-${this.results.size}-${Math.random()}`;
		const answer = await this.call('POST', '/v3/session/', {
			workflow_id: workflowId,
			vendor_data,
		});
		const id = String(answer.session_id);
		this.results.set(id, []);
		return id;
	}

	/** Goes through the hosted page. @returns The result. */
	async finish(id: string, outcome: Outcome): Promise<string> {
		this.results.get(id)?.push(WORD[outcome]);
		await this.emulator.complete(id, outcome);
		return WORD[outcome];
	}

	/** A reviewer decides in Didit Console. */
	async review(id: string, new_status: 'Approved' | 'Declined'): Promise<void> {
		this.results.get(id)?.push(new_status);
		await this.call('PATCH', `/v3/session/${id}/update-status/`, { new_status });
	}

	/** Waits for the workflow to have acted, at most `ms`. */
	async actedOn(id: string, status: string, ms: number): Promise<void> {
		await this.sink.arrived(keyOf(id, status), ms);
	}

	/** Compares what Didit said with what the workflow did, in the order in which it reached the counter. */
	account(): Account {
		const acts = new Map<string, string[]>();
		const strangers: string[] = [];
		for (const { key: act, session_id, status } of this.sink.sentTo('/crm/verifications')) {
			if (typeof act !== 'string') continue;
			if (!this.results.has(String(session_id))) strangers.push(act);
			acts.set(String(session_id), [...(acts.get(String(session_id)) ?? []), String(status)]);
		}
		const account: Account = {
			...{
				results: 0,
				acted: 0,
				past: 0,
				lost: [],
				twice: [],
				wrong: [],
				wrongAccepts: [],
				strangers,
			},
		};
		for (const [id, results] of this.results) {
			const done = acts.get(id) ?? [];
			const last = results.at(-1);
			account.results += results.length;
			account.acted += results.filter((status) => done.includes(status)).length;
			account.past += results.slice(0, -1).filter((status) => !done.includes(status)).length;
			if (last !== undefined && !done.includes(last)) account.lost.push(id);
			if (new Set(done).size < done.length) account.twice.push(id);
			if (done.length > 0 && done.at(-1) !== last) account.wrong.push(id);
			if (last === 'Declined' && done.at(-1) === 'Approved') account.wrongAccepts.push(id);
		}
		return account;
	}

	private async call(method: string, path: string, body: object): Promise<Record<string, unknown>> {
		const response = await fetch(this.emulator.url + path, {
			method,
			headers: { 'x-api-key': key, 'content-type': 'application/json' },
			body: JSON.stringify(body),
		});
		const answer = (await response.json()) as Record<string, unknown>;
		if (!response.ok)
			throw new Error(`Didit answered ${response.status}: ${JSON.stringify(answer)}`);
		return answer;
	}
}

export interface Account {
	/** Results that Didit gave. */
	results: number;
	/** Those that the workflow acted on. */
	acted: number;
	/** Those that it did not act on, and that another result of their session has replaced since. */
	past: number;
	/** Sessions whose last result it did not act on. */
	lost: string[];
	/** Sessions of which it acted on one result twice. */
	twice: string[];
	/** Sessions that end with another result than Didit's last. */
	wrong: string[];
	/** Of these, the ones that Didit declined at last, and that end as approved. */
	wrongAccepts: string[];
	/** What was done for a session that nobody has. */
	strangers: string[];
}
