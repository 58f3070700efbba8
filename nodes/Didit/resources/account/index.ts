import { defineResource } from '../../operation/resource';
import { getBalance } from './getBalance';

export const account = defineResource({ name: 'Account', value: 'account' }, [getBalance]);
