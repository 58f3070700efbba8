import { defineResource } from '../../operation/resource';
import { checkLiveness } from './checkLiveness';
import { estimateAge } from './estimateAge';
import { match } from './match';
import { search } from './search';

export const face = defineResource({ name: 'Face', value: 'face' }, [
	checkLiveness,
	estimateAge,
	match,
	search,
]);
