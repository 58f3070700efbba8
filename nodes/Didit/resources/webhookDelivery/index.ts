import { defineResource } from '../../operation/resource';
import { get } from './get';
import { getMany } from './getMany';
import { recover } from './recover';
import { resend } from './resend';

export const webhookDelivery = defineResource(
	{ name: 'Webhook Delivery', value: 'webhookDelivery' },
	[get, getMany, recover, resend],
	getMany,
);
