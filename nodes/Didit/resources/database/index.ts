import { defineResource } from '../../operation/resource';
import { validate } from './validate';

export const database = defineResource({ name: 'Database', value: 'database' }, [validate]);
