const { dest, src, task } = require('gulp');

// What each operation outputs, for n8n's editor.
task('build:schemas', () =>
	src('nodes/Didit/__schema__/**/*.json').pipe(dest('dist/nodes/Didit/__schema__')),
);

// The glob names the icons exactly: n8n-node's own build copies every image of the repository into dist.
// `encoding: false` keeps gulp 5 from re-encoding the bytes.
task('build:icons', () => src('icons/*.svg', { encoding: false }).pipe(dest('dist/icons')));
