import { email } from '../../operation/convert';
import type { Input } from '../../operation/input';

export const readEmail = (input: Input): string => input.required('email', email);
