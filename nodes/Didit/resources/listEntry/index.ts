import { defineResource } from '../../operation/resource';
import { add } from './add';
import { allow, block } from './onOwnList';
import { getMany } from './getMany';
import { remove } from './remove';

export const listEntry = defineResource({ name: 'List Entry', value: 'listEntry' }, [
	add,
	allow,
	block,
	getMany,
	remove,
]);
