/**
 * Which part may know which (docs/decisions has the why). `npm run lint` checks it:
 * node file -> resource -> operation/ -> shared/, and the tools around the package each on their own.
 */
const OUTSIDE = '^(emulator|testbed|demo|test|scripts)/';

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
	forbidden: [
		{
			name: 'no-circles',
			comment:
				'Two files that need each other are one, or lack a third; types may name each other.',
			severity: 'error',
			from: {},
			to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
		},
		{
			name: 'nothing-missing',
			comment: 'What the build makes is not there before it.',
			severity: 'error',
			from: {},
			to: { couldNotResolve: true, pathNot: '/dist/' },
		},
		{
			name: 'shipped-code-stands-alone',
			comment: 'What is published imports nothing of what is not, except types of the contract.',
			severity: 'error',
			from: { path: '^(nodes|credentials)/' },
			to: { path: OUTSIDE },
		},
		{
			name: 'contract-is-types',
			severity: 'error',
			from: { path: '^(nodes|credentials)/' },
			to: { path: '^contract/', dependencyTypesNot: ['type-only'] },
		},
		{
			name: 'no-runtime-dependency',
			comment: 'n8n gives a community node n8n-workflow; of Node.js, only node:crypto is used.',
			severity: 'error',
			from: { path: '^(nodes|credentials)/' },
			to: {
				path: '(^|/)node_modules/|^node:|^[a-z_]+$',
				pathNot: ['node_modules/n8n-workflow/', '^(node:)?crypto$'],
			},
		},
		{
			name: 'shared-knows-no-node',
			severity: 'error',
			from: { path: '^nodes/shared/' },
			to: { path: '^(nodes/(Didit|DiditTrigger)/|credentials/)' },
		},
		{
			name: 'nodes-know-no-other',
			severity: 'error',
			from: { path: '^nodes/(Didit|DiditTrigger)/' },
			to: { path: '^(nodes/(?!shared/)|credentials/)', pathNot: '^nodes/$1/' },
		},
		{
			name: 'operation-knows-no-resource',
			comment: 'The language that operations are written in knows none of them.',
			severity: 'error',
			from: { path: '^nodes/Didit/operation/' },
			to: { path: '^nodes/Didit/', pathNot: '^nodes/Didit/(operation/|[^/]+\\.ts$)' },
		},
		{
			name: 'only-node-file-on-top',
			severity: 'error',
			from: { path: '^nodes/', pathNot: '\\.node\\.ts$' },
			to: { path: '\\.node\\.ts$' },
		},
		{
			name: 'resources-keep-apart',
			comment: 'What two resources share is in operation/ or shared/.',
			severity: 'error',
			from: { path: '^nodes/Didit/resources/([^/]+)/' },
			to: { path: '^nodes/Didit/resources/[^/]+/', pathNot: '^nodes/Didit/resources/$1/' },
		},
		{
			name: 'resources-only-from-above',
			comment: 'Resources are reached by their index and by the node file alone.',
			severity: 'error',
			from: { path: '^nodes/', pathNot: ['\\.node\\.ts$', '^nodes/Didit/resources/'] },
			to: { path: '^nodes/Didit/resources/' },
		},
		{
			name: 'credentials-speak-for-themselves',
			severity: 'error',
			from: { path: '^credentials/' },
			to: {
				path: '^nodes/',
				pathNot:
					'^nodes/shared/(hosts|values|api/(address|credentialTest|refusal|retry|words))\\.ts$',
			},
		},
		{
			name: 'emulator-is-independent',
			comment:
				'It is the other side: with code of nodes/ in it, a fault of that code would not show.',
			severity: 'error',
			from: { path: '^emulator/' },
			to: { path: '^(nodes|credentials|testbed|demo|test|scripts)/' },
		},
		{
			name: 'testbed-knows-no-user-of-it',
			severity: 'error',
			from: { path: '^testbed/' },
			to: { path: '^(nodes|credentials|demo|test|scripts)/' },
		},
		{
			name: 'demo-is-no-test',
			severity: 'error',
			from: { path: '^demo/' },
			to: { path: '^(nodes|credentials|test|scripts)/' },
		},
	],
	options: {
		doNotFollow: { path: 'node_modules' },
		exclude: { path: '^(dist|coverage|reports|testbed/n8n[^/]*)/' },
		tsConfig: { fileName: 'tsconfig.json' },
		// Types are dependencies too.
		tsPreCompilationDeps: true,
		enhancedResolveOptions: {
			exportsFields: ['exports'],
			conditionNames: ['import', 'require', 'node', 'default'],
		},
	},
};
