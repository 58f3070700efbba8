import { defineResource } from '../../operation/resource';
import { create } from './create';
import { get } from './get';
import { getMany } from './getMany';

export const transaction = defineResource({ name: 'Transaction', value: 'transaction' }, [
	create,
	get,
	getMany,
]);
