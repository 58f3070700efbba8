/**
 * How the sources become what n8n loads: one file, `didit.js`, with every node and credential, and beside it a file of one line at each
 * path that package.json names. n8n reads and compiles a package before it is ready; one file takes about half of the time that a file
 * for each source takes (`npm run bench -- --only package`). The code in it stays readable, each part under its source's name.
 *
 *     node scripts/bundle.js      bundles again after each change, until Ctrl-C
 */
const { mkdirSync, writeFileSync } = require('node:fs');
const path = require('node:path');

const esbuild = require('esbuild');

const { n8n } = require('../package.json');

const ROOT = path.join(__dirname, '..');
const BUNDLE = 'didit.js';

/** n8n takes from each file the class that has the file's name up to its first dot (n8n-core/dist/nodes-loader/directory-loader.js). */
const ENTRIES = [...n8n.credentials, ...n8n.nodes].map((file) => {
	const inDist = path.posix.relative('dist', file);
	return {
		inDist,
		source: `./${inDist.replace(/\.js$/, '')}`,
		className: path.posix.basename(file).split('.')[0],
	};
});

/**
 * @param dist the folder to write to
 * @returns esbuild's options
 */
const options = (dist) => ({
	stdin: {
		contents: ENTRIES.map(
			({ source, className }) => `export { ${className} } from '${source}';`,
		).join('\n'),
		resolveDir: ROOT,
	},
	absWorkingDir: ROOT,
	outfile: path.join(dist, BUNDLE),
	bundle: true,
	platform: 'node',
	format: 'cjs',
	tsconfig: 'tsconfig.build.json',
	// n8n puts its own beside the package.
	external: ['n8n-workflow'],
	// V8 holds and compiles text of ASCII alone in half the bytes.
	charset: 'ascii',
	logLevel: 'warning',
});

/** @param dist the folder to write to */
async function bundle(dist) {
	await esbuild.build(options(dist));
	writeEntries(dist);
}

/**
 * Bundles now and after each change.
 * @param dist the folder to write to
 * @returns what ends it: `dispose()`
 */
async function watchBundle(dist) {
	const context = await esbuild.context({ ...options(dist), sourcemap: true, logLevel: 'info' });
	await context.watch();
	writeEntries(dist);
	return context;
}

/** @param dist the folder to write to */
function writeEntries(dist) {
	for (const { inDist, className } of ENTRIES) {
		const file = path.join(dist, inDist);
		mkdirSync(path.dirname(file), { recursive: true });
		const bundleFile = path.posix.relative(path.posix.dirname(inDist), BUNDLE);
		writeFileSync(file, `exports.${className} = require('${bundleFile}').${className};\n`);
	}
}

if (require.main === module) void watchBundle(path.join(ROOT, 'dist'));

module.exports = { bundle, watchBundle };
