import type { IExecuteFunctions, IWebhookFunctions } from 'n8n-workflow';

import type { OutputSettings } from '../../../shared/output';
import { isObject } from '../../../shared/values';

/** How the person is received who comes back to a parked Create and Wait. */
export interface Reception {
	/** How the decision goes on. */
	output: OutputSettings;
	redirectUrl?: string;
	thankYouText?: string;
	waitForReview?: boolean;
}

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
