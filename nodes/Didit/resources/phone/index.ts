import { defineResource } from '../../operation/resource';
import { assessRisk } from './assessRisk';
import { checkCode } from './checkCode';
import { sendCode } from './sendCode';

export const phone = defineResource({ name: 'Phone', value: 'phone' }, [
	assessRisk,
	checkCode,
	sendCode,
]);
