import { defineResource } from '../../operation/resource';
import { screen } from './screen';

export const wallet = defineResource({ name: 'Wallet', value: 'wallet' }, [screen]);
