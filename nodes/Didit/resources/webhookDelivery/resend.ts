import { oneRequest } from '../../operation/define';
import { deliveryShape } from './delivery';
import {
	DELIVERY_ID,
	destinationPath,
	isOfSession,
	OWNER,
	readDeliveryId,
	sessionPath,
	SUBJECT,
} from './fields';

/**
 * Sends a stored event again, to the address of the first time, signed anew. Didit answers when the receiver has, after five seconds at
 * most (docs.didit.me, Webhook Deliveries). Never repeated: an answer that is lost leaves open whether it was sent.
 */
export const resend = oneRequest({
	option: {
		name: 'Resend',
		value: 'resend',
		action: 'Resend webhook delivery',
		description: 'Let Didit send an event once more, to the address that it was sent to before',
	},
	apiKeyOnly: true,
	idKey: 'uuid',
	shape: deliveryShape,
	fields: [...OWNER, DELIVERY_ID],
	request(input) {
		const id = readDeliveryId(input);
		return {
			method: 'POST',
			// Only one of the two paths ends with a slash.
			path: isOfSession(input)
				? `${sessionPath(input)}webhook/${id}/resend`
				: `${destinationPath(input)}deliveries/${id}/resend/`,
			subject: SUBJECT,
		};
	},
});
