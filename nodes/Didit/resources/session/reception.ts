import type { IExecuteFunctions, IWebhookFunctions } from 'n8n-workflow';

import type { OutputSettings } from '../../../shared/output';
import { isObject } from '../../../shared/values';
import type { PageTexts } from './visitor/texts';

/** How the person is received who comes back to a waiting execution. */
export interface Reception {
	/** How the decision goes on. */
	output: OutputSettings;
	/** Whether it goes on by the output of its result. */
	byResult?: boolean;
	redirectUrl?: string;
	/** Language of the pages, as Didit's code; without it, that of the visitor's browser. */
	language?: string;
	/** What the builder has written for the pages. */
	texts?: Partial<PageTexts>;
	waitForReview?: boolean;
}

/** The statuses after which nothing more comes from the person (docs.didit.me, Retrieve Session). */
const FINAL = ['Approved', 'Declined', 'In Review', 'Abandoned', 'Expired', 'Kyc Expired'];

/** Whether an execution goes on with a session of this status: a status that is not known is none to go on with. */
export const isOver = (status: unknown, { waitForReview }: Pick<Reception, 'waitForReview'>) =>
	typeof status === 'string' &&
	FINAL.includes(status) &&
	!(status === 'In Review' && waitForReview === true);

/**
 * Stores it with the execution. It is read while the item that came in is still there, which a parked node gives up: its expressions may
 * name that item.
 */
export function writeReception(context: IExecuteFunctions, reception: Reception): void {
	context.getContext('node').reception = JSON.stringify(reception);
}

/** What goes on when nothing is set. */
const AS_COMES: OutputSettings = { mode: 'simplified', chosen: [], ageOver: 0 };

/** Reads it back; as the node is when nothing is set, for an execution that holds none. */
export function readReception(context: IWebhookFunctions): Reception {
	// A brace would end the expression.
	const name = JSON.stringify(context.getNode().name).replaceAll('}', '\\u007d');
	const stored = context.evaluateExpression(`{{ $(${name}).context.reception }}`);
	const reception: unknown = typeof stored === 'string' ? JSON.parse(stored) : undefined;
	return isObject(reception) ? (reception as unknown as Reception) : { output: AS_COMES };
}
