import { defineResource } from '../../operation/resource';
import { create } from './create';
import { deleteList } from './delete';
import { get } from './get';
import { getMany } from './getMany';
import { update } from './update';

export const list = defineResource({ name: 'List', value: 'list' }, [
	create,
	deleteList,
	get,
	getMany,
	update,
]);
