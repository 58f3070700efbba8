import { NodeOperationError } from 'n8n-workflow';
import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import { SENT_ANYWAY } from '../../../shared/api';
import { tagExecution } from '../../../shared/executionTags';
import { own } from '../../../shared/values';
import { text } from '../../operation/convert';
import { hint } from '../../operation/hint';
import type { Input } from '../../operation/input';

/**
 * Says of a session that was to be made that Didit has given back one that the person has begun, as it does for the same vendor data and
 * workflow (docs.didit.me, Create Session). One that nobody has begun looks like a new one.
 */
function hintAtOldSession(context: IExecuteFunctions, { status }: IDataObject): void {
	if (typeof status !== 'string' || status === 'Not Started') return;
	hint(
		context,
		`Didit gave back the unfinished session of this vendor data and workflow (${status}), not a new one.`,
	);
}

/** Says of a session or a decision that it is of a sandbox application, in which Didit verifies nobody (docs.didit.me, Sandbox Testing). */
export function hintAtSandbox(context: IExecuteFunctions, { environment }: IDataObject): void {
	if (environment !== 'sandbox') return;
	hint(
		context,
		'This is a session of a sandbox application: nobody was verified, whatever its status says.',
	);
}

/**
 * Says of a session that is to be waited for that nothing brings the person back to this execution: the most likely slip of a builder, who
 * would else wait until the time limit.
 */
export function hintAtOtherReturn(
	context: IExecuteFunctions,
	{ callback, metadata }: IDataObject,
	resumeUrl: string,
): void {
	const comesBack = String(callback).includes(new URL(resumeUrl).pathname);
	// A Didit Trigger may resume it by the metadata. An answer without the key says nothing.
	if (callback === undefined || comesBack || own(metadata, 'n8n_resume_url') !== undefined) return;
	hint(
		context,
		"The person does not come back to this workflow: set 'Return To' of the 'Create' before it to 'This Workflow'.",
	);
}

/**
 * What n8n shows of a session that was to be made.
 *
 * @throws NodeOperationError when the answer names no session: nobody could be sent to it, and it would be waited for in vain
 */
export function noteSession(input: Input, session: IDataObject): void {
	const { context, itemIndex } = input;
	if (typeof session.session_id !== 'string' || typeof session.url !== 'string') {
		throw new NodeOperationError(context.getNode(), "Didit's answer names no session and link", {
			itemIndex,
			description: SENT_ANYWAY,
		});
	}
	// The tags are of the execution: of several sessions they could name one only.
	if (context.getInputData().length === 1) tagExecution(context, session);
	hintAtOldSession(context, session);
	// Didit's answer does not say it; but a live application refuses a scenario (docs.didit.me, Sandbox Testing).
	const { sandbox_scenario } = input.isV1
		? {}
		: input.collection<{ sandbox_scenario?: string }>('additionalFields', {
				sandbox_scenario: text,
			});
	hintAtSandbox(context, sandbox_scenario === undefined ? session : { environment: 'sandbox' });
}

/** Says that not all files of a decision are there. */
export function hintAtMissingFiles(context: IExecuteFunctions, files: IDataObject[]): void {
	if (!files.some(({ error }) => error !== undefined)) return;
	hint(
		context,
		"Some files of the decision could not be downloaded: 'files' in the output says which and why.",
	);
}
