import { canonicalize } from '../../nodes/DiditTrigger/verify/canonical';
import { HOSTILE_BODIES } from '../support/hostileBodies';

const TWO_MEBIBYTES = 2 * 1024 * 1024;
/** They cost next to nothing however many there are: they are one value, or stop being JSON early. */
const CHEAP = /^(one string|only spaces|spaces before)/;

it.each(Object.entries(HOSTILE_BODIES).filter(([name]) => !CHEAP.test(name)))(
	'refuses two mebibytes of what costs more than it does JSON.parse: %s',
	(_name, bodyOf) => {
		expect(canonicalize(bodyOf(TWO_MEBIBYTES))).toBeUndefined();
	},
);
