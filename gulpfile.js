const { Transform } = require('node:stream');

const { dest, src, task } = require('gulp');

/** @param change from the text of each file to another one */
const each = (change) =>
	new Transform({
		objectMode: true,
		transform(file, _encoding, done) {
			file.contents = Buffer.from(change(file.contents.toString()));
			done(null, file);
		},
	});

// What each operation outputs, for n8n's editor: JSON without the spaces that only a person needs.
task('build:schemas', () =>
	src('nodes/Didit/__schema__/**/*.json')
		.pipe(each((text) => JSON.stringify(JSON.parse(text))))
		.pipe(dest('dist/nodes/Didit/__schema__')),
);

// The compiler indents with four spaces, an eighth of the package. No line of the sources begins with spaces (house.test.ts), so that
// none of them is part of a text.
task('build:tabs', () =>
	src('dist/**/*.js')
		.pipe(each((text) => text.replace(/^(?: {4})+/gm, ({ length }) => '\t'.repeat(length / 4))))
		.pipe(dest('dist')),
);

// The glob names the icons exactly: n8n-node's own build copies every image of the repository into dist.
// `encoding: false` keeps gulp 5 from re-encoding the bytes.
task('build:icons', () => src('icons/*.svg', { encoding: false }).pipe(dest('dist/icons')));
