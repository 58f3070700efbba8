/**
 * What is tested by mutation, part by part: the code that decides who gets in, where a key goes, and what is sent. Each part names only the
 * tests that have to notice: each of their files is loaded again for each mutant, and a file that loads n8n-core takes seconds.
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
		mutate: ['nodes/DiditTrigger/{receive,consoleTest}.ts'],
		tests: ['test/engine/trigger.test.ts'],
	},
	settings: {
		mutate: ['nodes/DiditTrigger/{settings,filters}.ts'],
		tests: ['test/unit/{settings,filters}.test.ts'],
	},
	repeats: {
		mutate: ['nodes/DiditTrigger/{repeats,eventKey,sharedReads}.ts'],
		tests: ['test/unit/{repeats,eventKey,sharedReads}.test.ts'],
	},
	destination: {
		mutate: ['nodes/DiditTrigger/destination.ts'],
		tests: ['test/engine/destination.test.ts'],
	},
	secrets: {
		mutate: ['nodes/DiditTrigger/{secrets,cipher}.ts', 'nodes/shared/webhookKeys.ts'],
		tests: ['test/unit/{cipher,signature}.test.ts', 'test/engine/secrets.test.ts'],
	},
	hosts: {
		mutate: ['nodes/shared/hosts.ts', 'nodes/shared/api/address.ts'],
		tests: ['test/unit/{hosts,address}.test.ts'],
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
		tests: ['test/unit/operation*.test.ts', 'test/engine/{contract,form,create}.test.ts'],
	},
	summary: {
		mutate: ['nodes/shared/decision/summary.ts'],
		tests: ['test/unit/{decision,fields,shape}.test.ts'],
	},
};
