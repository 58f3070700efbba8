import type { UpdateEntityStatus } from '../../../contract/entity';
import { oneRequest, type Operation } from '../operation/define';
import { mustChoose } from '../operation/entries';
import { ownPath, STATUS_OPTIONS, STATUSES, type Kind } from './kind';

/** Sets the status, and the blocklist with it: who is blocked is put on it (docs.didit.me, Users and Businesses). */
export const updateStatus = (kind: Kind): Operation =>
	oneRequest({
		option: {
			name: 'Update Status',
			value: 'updateStatus',
			action: `Update status of ${kind.noun}`,
			description: `Block a ${kind.noun}, flag it for review, or set it back to active`,
		},
		apiKeyOnly: true,
		idKey: 'didit_internal_id',
		fields: [kind.field, mustChoose('Status', 'status', STATUS_OPTIONS)],
		shape: kind.shape,
		request: (input) => ({
			method: 'PATCH',
			path: `${ownPath(kind, input)}update-status/`,
			body: { status: input.oneOf('status', STATUSES) } satisfies UpdateEntityStatus,
			subject: kind.noun,
		}),
		output(answer, input) {
			const { status } = answer;
			if (status !== input.oneOf('status', STATUSES)) {
				input.refuse(
					`Didit has not set the status of the ${kind.noun}`,
					`Its answer has ${typeof status === 'string' ? `the status '${status}'` : 'no status'}. Look at the ${kind.noun} in Didit Console.`,
				);
			}
			return answer;
		},
	});
