import type { Resource } from '../operation/resource';
import { account } from './account';
import { aml } from './aml';
import { business } from './business';
import { company } from './company';
import { database } from './database';
import { document } from './document';
import { email } from './email';
import { face } from './face';
import { ipAddress } from './ipAddress';
import { list } from './list';
import { listEntry } from './listEntry';
import { phone } from './phone';
import { questionnaire } from './questionnaire';
import { session } from './session';
import { transaction } from './transaction';
import { user } from './user';
import { wallet } from './wallet';
import { webhookDelivery } from './webhookDelivery';
import { workflow } from './workflow';

/** The resources of the node, in the order of the dropdown. */
export const RESOURCES: Resource[] = [
	account,
	aml,
	business,
	company,
	database,
	document,
	email,
	face,
	ipAddress,
	list,
	listEntry,
	phone,
	questionnaire,
	session,
	transaction,
	user,
	wallet,
	webhookDelivery,
	workflow,
];
