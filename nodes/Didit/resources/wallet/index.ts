import { defineResource } from '../../operation/define';
import { screen } from './screen';

export const wallet = defineResource({ name: 'Wallet', value: 'wallet' }, [screen]);
