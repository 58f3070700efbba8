import { defineResource } from '../../operation/define';
import { getBalance } from './getBalance';

export const account = defineResource({ name: 'Account', value: 'account' }, [getBalance]);
