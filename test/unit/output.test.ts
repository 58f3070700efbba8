import { decisionShape } from '../../nodes/shared/decision/shape';
import { flatShape, shaped } from '../../nodes/shared/output';

const flat = flatShape({ ids: ['status'], simplified: ['status', 'score'] });

test.each([
	['an answer', flat, ['status', 'nothing', 'score']],
	['a decision', decisionShape, ['session_id', 'status', 'nothing', 'score']],
])('Selected Fields of %s: a name that n8n could not copy is left out', (_, shape, keys) => {
	const chosen = ['nothing', '__proto__', 'score'];
	const settings = { mode: 'selectedFields', chosen, ageOver: 18 } as const;
	const item = shaped(shape, { status: 'Approved', score: 1 }, settings);
	expect(Object.getPrototypeOf(item)).toBe(Object.prototype);
	expect(Object.keys(item)).toEqual(keys);
});
