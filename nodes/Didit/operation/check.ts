/** What Didit's standalone checks have in common (docs.didit.me, Standalone APIs): what each of them takes, and how its answer lies. */
import type { IDataObject, INodeProperties } from 'n8n-workflow';

import type { CheckFields } from '../../../contract/checks';
import type { DiditRequest } from '../../shared/api';
import { reasonsOf } from '../../shared/decision/summary';
import { flatShape, type Shape } from '../../shared/output';
import { isObject, own } from '../../shared/values';
import { oneRequest, type Operation } from './define';
import * as entry from './entries';
import type { Input, NeverEmpty } from './input';

/**
 * A request that costs credits. Didit asks to give a check 60 seconds, and refuses one that the balance does not cover in words that no
 * page gives (docs.didit.me, Standalone APIs).
 */
export const PAID = {
	method: 'POST',
	timeout: 60_000,
	advice: {
		403: 'Either the balance does not cover it: top it up in Didit Console under Billing. Or the API key may not do it: a scoped key needs the privilege, and live and sandbox applications have keys of their own.',
	},
} as const satisfies Partial<DiditRequest>;

/**
 * For a check that sends and gets little and asks registries for seconds: 20 at a time use up Didit's 300 a minute also where each takes
 * four.
 */
export const SLOW_AT_ONCE = 20;

/** For the fields of a check that are set and give nothing. */
export const NEVER_EMPTY: NeverEmpty = {
	remedy: 'Without it, Didit would check something else: give it a value, or remove the field.',
};

const COMMON: entry.Entries<CheckFields> = {
	metadata: entry.json('Metadata', 'Your own data, which Didit gives back with the result'),
	save_api_request: entry.flag(
		'Save in Didit',
		'Whether Didit keeps the check as a session and sends its event, as it does without this field',
	),
	vendor_data: entry.text('Vendor Data', 'e.g. user-123'),
};

interface Result {
	/** The key of the answer under which the result lies, such as `face_match`. */
	key: string;
	/** Where an older page of Didit has it. */
	olderKey?: string;
	/** Keys of the result that Simplified has, six at most: status, request ID, reasons and vendor data come with them. */
	simplified: string[];
	/** Keys of the result that Selected Fields offers besides. */
	more?: string[];
	/** For a key that the result does not have as it is: where it comes from. */
	readers?: Record<string, (result: IDataObject) => unknown>;
}

interface Check<Additional>
	extends Pick<Operation, 'option' | 'forTools' | 'notForTools'>,
		Partial<Pick<Operation, 'itemsAtOnce'>> {
	/** `/v3/face-match/` */
	path: string;
	/** What the check needs, and collections of its own. */
	fields: INodeProperties[];
	/** What Additional Fields offers, beside what every check takes. */
	additional: entry.Entries<Omit<Additional, keyof CheckFields>>;
	/**
	 * Body or form, and what else is its own.
	 *
	 * @param additional what the builder filled in under Additional Fields
	 */
	request(
		input: Input,
		additional: Partial<Additional & CheckFields>,
	): Partial<DiditRequest> | Promise<Partial<DiditRequest>>;
	/** How the builder may have the answer; without it, the answer holds nothing personal and goes on as it is. */
	result?: Result;
}

/** A standalone check: one request that is never sent twice. `Declined` is a result, not an error. */
export function check<Additional>({
	path,
	fields,
	additional,
	request,
	result,
	...definition
}: Check<Additional>): Operation {
	const { field, table } = entry.additionalFields<Additional & CheckFields>({
		...COMMON,
		...additional,
	} as entry.Entries<Additional & CheckFields>);
	return oneRequest({
		...definition,
		apiKeyOnly: true,
		idKey: 'request_id',
		mayLackId: true,
		hasResults: result !== undefined,
		fields: [...fields, field],
		shape: result && shapeOf(result),
		async request(input) {
			const given = input.collection('additionalFields', table, NEVER_EMPTY);
			return { path, ...PAID, ...(await request(input, given)) };
		},
		output: (answer) => withVerdict(answer, result && resultsIn(answer, result)),
	});
}

/**
 * The answer with its verdict first, under `status`: the one of the result, or the answer's own. Should several be there and differ, the
 * one counts that approves nobody.
 *
 * @param results where the result lies in the answer, in the order in which they count
 */
export function withVerdict(answer: IDataObject, results: unknown[] = []): IDataObject {
	const said = [...results.map((result) => own(result, 'status')), answer.status].filter(
		(one) => typeof one === 'string',
	);
	const verdict = { status: said.find((one) => one !== 'Approved') ?? said[0] ?? null };
	return { ...verdict, ...answer, ...verdict };
}

/** Both where both are there: a face may be old enough by the one, and no living one by the other. */
const resultsIn = (answer: IDataObject, { key, olderKey = key }: Result) =>
	[answer[key], answer[olderKey]].filter(isObject);

function shapeOf(of: Result): Shape {
	const { simplified, more = [], readers = {} } = of;
	const readerOf = (name: string) => (answer: IDataObject) => {
		// Where there is no result, as for a wrong code, and for answers that Didit documents as flat: what lies beside it.
		const result = { ...answer, ...resultsIn(answer, of)[0] };
		return Object.hasOwn(readers, name) ? readers[name]?.(result) : own(result, name);
	};
	const ofResult = [...simplified, ...more].map((name) => [name, readerOf(name)] as const);
	return flatShape({
		ids: ['status', 'request_id', 'vendor_data', 'created_at'],
		simplified: ['status', 'request_id', ...simplified, 'reasons', 'vendor_data'],
		more: [...more, 'metadata'],
		readers: { ...Object.fromEntries(ofResult), reasons: reasonsOf },
	});
}
