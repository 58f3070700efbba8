/**
 * What is tested by mutation, part by part: the code that decides who gets in, where a key goes, and what is sent. Each part names the tests
 * that have to notice, and no more: every one of their files is loaded again for each mutant, and a file that loads n8n-core takes seconds.
 */
export const PARTS = {
	signature: {
		mutate: ['nodes/DiditTrigger/verify/!(canonical).ts'],
		tests: ['test/unit/{signature,timestamp}.test.ts'],
	},
	canonical: {
		mutate: ['nodes/DiditTrigger/verify/canonical.ts'],
		tests: ['test/unit/canonical.test.ts'],
	},
	receive: {
		mutate: ['nodes/DiditTrigger/{receive,filters,settings}.ts'],
		tests: ['test/engine/trigger*.test.ts', 'test/unit/event.test.ts'],
	},
	repeats: {
		mutate: ['nodes/DiditTrigger/repeats.ts'],
		tests: ['test/engine/{trigger,repeats}*.test.ts'],
	},
	destination: {
		mutate: ['nodes/DiditTrigger/{destination,secrets}.ts'],
		tests: ['test/engine/destination*.test.ts', 'test/unit/secrets.test.ts'],
	},
	hosts: {
		mutate: ['nodes/shared/hosts.ts'],
		tests: ['test/unit/{media,hosts,api}.test.ts'],
	},
	identifiers: {
		mutate: ['nodes/shared/identifiers.ts'],
		tests: ['test/unit/identifiers.test.ts'],
	},
	resume: {
		mutate: ['nodes/Didit/resources/session/resume.ts'],
		tests: ['test/engine/createAndWait*.test.ts'],
	},
	operation: {
		mutate: ['nodes/Didit/operation/**/*.ts'],
		tests: ['test/unit/operation*.test.ts', 'test/engine/{contract,items}.test.ts'],
	},
	summary: {
		mutate: ['nodes/shared/decision/summary.ts'],
		tests: ['test/unit/decision*.test.ts', 'test/unit/fields.test.ts'],
	},
};
