import type { Resource } from '../operation/define';
import { account } from './account';
import { aml } from './aml';
import { database } from './database';
import { email } from './email';
import { ipAddress } from './ipAddress';
import { phone } from './phone';
import { questionnaire } from './questionnaire';
import { session } from './session';
import { wallet } from './wallet';
import { workflow } from './workflow';

/** The resources of the node, in the order of the dropdown. */
export const RESOURCES: Resource[] = [
	account,
	aml,
	database,
	email,
	ipAddress,
	phone,
	questionnaire,
	session,
	wallet,
	workflow,
];
