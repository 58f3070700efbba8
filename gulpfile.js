const { join } = require('node:path');
const { Transform } = require('node:stream');

const { dest, src, task } = require('gulp');

const { bundle } = require('./scripts/bundle');

task('build:code', async () => await bundle(join(__dirname, 'dist')));

// How n8n's node panel finds the nodes.
task('build:codex', () => src('nodes/*/*.node.json').pipe(dest('dist/nodes')));

// What each operation outputs, for n8n's editor: JSON without the spaces that only a person needs.
task('build:schemas', () =>
	src('nodes/Didit/__schema__/**/*.json')
		.pipe(
			new Transform({
				objectMode: true,
				transform(file, _encoding, done) {
					file.contents = Buffer.from(JSON.stringify(JSON.parse(file.contents.toString())));
					done(null, file);
				},
			}),
		)
		.pipe(dest('dist/nodes/Didit/__schema__')),
);

// The glob names the icons exactly: n8n-node's own build copies every image of the repository into dist.
// `encoding: false` keeps gulp 5 from re-encoding the bytes.
task('build:icons', () => src('icons/*.svg', { encoding: false }).pipe(dest('dist/icons')));
