import { sleep } from 'n8n-workflow';
import type { IDataObject, NodeApiError } from 'n8n-workflow';

import type { AmlMonitoring } from '../../../../contract/checks';
import { apiRequest } from '../../../shared/api';
import { diditWords } from '../../../shared/api/words';
import { UUID } from '../../../shared/identifiers';
import { PAID } from '../../operation/check';
import { list } from '../../operation/convert';
import { operation } from '../../operation/define';
import * as entry from '../../operation/entries';
import type { Input } from '../../operation/input';

const OF = ['businesses', 'users'] as const;
const SWITCH = [
	{ name: 'Off', value: 'off' },
	{ name: 'On', value: 'on', description: 'Costs credits for each, once a year' },
];

const additional = entry.additionalFields<Pick<AmlMonitoring, 'estimate_only'>>({
	estimate_only: entry.flag('Estimate Only', 'Whether Didit only says what it would cost'),
});

/** Milliseconds between two looks at the job, at first and at most. */
const FIRST_PAUSE = 1_000;
const LONGEST_PAUSE = 10_000;
/** Milliseconds of waiting in all: a job of a few hundred is over long before. */
const PATIENCE = 5 * 60_000;

const ID = new RegExp(`^${UUID}$`);

/**
 * Switches ongoing screening on or off for the users or businesses that are named (docs.didit.me, AML Monitoring). Didit makes a job of it,
 * which is followed to its end: what became of each is in `results`.
 */
export const setMonitoring = operation({
	option: {
		name: 'Set Monitoring',
		value: 'setMonitoring',
		action: 'Set AML monitoring of users or businesses',
		description: 'Switch ongoing screening on or off for users or businesses',
	},
	apiKeyOnly: true,
	idKey: 'job_id',
	fields: [
		{ ...entry.choice('Entity Type', OF, 'users')[0], name: 'monitored' },
		{
			...entry.text('Vendor Data', 'e.g. user-123, user-124')[0],
			name: 'vendorDataList',
			required: true,
			description: 'Your own IDs of them, separated by commas, or a list from an expression',
		},
		entry.mustChoose('Monitoring', 'monitoring', SWITCH),
		additional.field,
	],
	async run(input) {
		const { context, itemIndex } = input;
		const of = input.oneOf('monitored', OF);
		const body = {
			is_enabled: input.oneOf('monitoring', ['off', 'on']) === 'on',
			vendor_data_list: input.required('vendorDataList', list),
			...input.collection('additionalFields', additional.table, {
				remedy: 'Without it, the monitoring is set: give it a value, or remove the field.',
			}),
		} satisfies AmlMonitoring;
		const job = await apiRequest(context, {
			path: `/v3/${of}/aml-monitoring/`,
			...PAID,
			body,
			itemIndex,
		});
		const json: IDataObject = { status: null, ...(await endOf(input, job)) };
		// null of a job that succeeded; n8n tells items that failed by it.
		delete json.error;
		return [input.item(json)];
	},
});

/**
 * The job when it is over. n8n ends the requests of an execution that is cancelled, and this with them (authentication.js).
 *
 * @throws NodeOperationError for one that failed, or is not over after five minutes; NodeApiError for what Didit refuses
 */
async function endOf(input: Input, begun: IDataObject): Promise<IDataObject> {
	const id = begun.job_id;
	let job = begun;
	let waited = 0;
	for (
		let pause = FIRST_PAUSE;
		job.status !== 'COMPLETED';
		pause = Math.min(2 * pause, LONGEST_PAUSE)
	) {
		if (job.status === 'FAILED') {
			const words = diditWords({ error: job.error });
			input.refuse(
				'Didit could not set the monitoring',
				`${words ? `Didit says: ${words} ` : ''}It may be set for some of them: look at job ${String(id)} before you repeat it.`,
			);
		}
		if (typeof id !== 'string' || !ID.test(id)) {
			input.refuse(
				'Didit gave no job that can be followed',
				'The monitoring may be set all the same: look in Didit Console before you repeat it.',
			);
		}
		const goesOn = `Didit continues it as job ${id}: look in Didit Console what became of it, before you repeat it.`;
		if (waited >= PATIENCE) {
			input.refuse('Didit is still setting the monitoring', goesOn);
		}
		await sleep(pause);
		waited += pause;
		job = await look(input, id, goesOn);
	}
	return job;
}

async function look(
	{ context, itemIndex }: Input,
	id: string,
	goesOn: string,
): Promise<IDataObject> {
	try {
		return await apiRequest(context, {
			method: 'GET',
			path: `/v3/aml-monitoring/jobs/${id}/`,
			subject: 'job',
			itemIndex,
		});
	} catch (error) {
		throw withAdvice(error as NodeApiError, goesOn);
	}
}

function withAdvice(error: NodeApiError, advice: string): NodeApiError {
	error.description = `${error.description ?? ''} ${advice}`.trim();
	return error;
}
