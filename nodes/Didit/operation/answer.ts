import type { IDataObject } from 'n8n-workflow';

import { NOT_DIDIT, SENT_ANYWAY, type DiditRequest } from '../../shared/api';
import type { Input } from './input';

/**
 * An answer that succeeded and names nothing is not Didit's. Taken as it is, it would say that somebody was blocked, or a record read, of
 * which Didit has said nothing.
 *
 * @param made the output of the answer
 * @param key the output key that names what was made or read, or counts it
 * @param method the request's
 * @throws NodeOperationError when nothing stands under the key
 */
export function requireId(
	input: Input,
	made: IDataObject,
	key: string,
	method: DiditRequest['method'],
): void {
	const id = made[key];
	if ((typeof id === 'string' && id !== '') || typeof id === 'number') return;
	input.refuse(
		`Didit's answer has no ${key}`,
		`${method === 'GET' ? '' : `${SENT_ANYWAY} `}${NOT_DIDIT}`,
	);
}
