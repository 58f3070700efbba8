import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import { hint } from '../../operation/hint';

/**
 * Says of a session that was to be made that Didit has given back one that the person has begun, as it does for the same vendor data and
 * workflow (docs.didit.me, Create Session). One that nobody has begun looks like a new one.
 */
export function hintAtOldSession(context: IExecuteFunctions, { status }: IDataObject): void {
	if (typeof status !== 'string' || status === 'Not Started') return;
	hint(
		context,
		`Didit gave back the unfinished session of this vendor data and workflow (${status}), not a new one.`,
	);
}
