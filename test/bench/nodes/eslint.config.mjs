import tools from '../../../eslint.tools.mjs';

/** Triggers that nobody offers and that have nothing to register anywhere. */
export default [
	...tools,
	{
		files: ['**/*.ts'],
		rules: {
			'@n8n/community-nodes/node-usable-as-tool': 'off',
			'@n8n/community-nodes/webhook-lifecycle-complete': 'off',
		},
	},
];
