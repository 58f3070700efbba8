import { oneRequest } from '../../operation/define';
import { DELIVERY_ID, DESTINATION, destinationPath, readDeliveryId, SUBJECT } from './fields';
import { deliveryShape } from './delivery';

export const get = oneRequest({
	option: {
		name: 'Get',
		value: 'get',
		action: 'Get webhook delivery',
		description: 'Read what was sent to a destination and how it was answered',
	},
	apiKeyOnly: true,
	forTools: true,
	idKey: 'uuid',
	shape: deliveryShape,
	fields: [DESTINATION, DELIVERY_ID],
	request: (input) => ({
		method: 'GET',
		path: `${destinationPath(input)}deliveries/${readDeliveryId(input)}/`,
		subject: SUBJECT,
	}),
});
