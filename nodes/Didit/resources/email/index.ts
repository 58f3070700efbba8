import { defineResource } from '../../operation/resource';
import { assessRisk } from './assessRisk';
import { checkCode } from './checkCode';
import { sendCode } from './sendCode';

export const email = defineResource({ name: 'Email', value: 'email' }, [
	assessRisk,
	checkCode,
	sendCode,
]);
