import { defineResource } from '../../operation/define';
import { validate } from './validate';

export const database = defineResource({ name: 'Database', value: 'database' }, [validate]);
