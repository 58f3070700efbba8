import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import type { Page } from 'playwright-core';

import { run } from '../../testbed/processes';
import { PICTURES, PICTURES_WANTED, snapshot } from './stage';

/** GitHub shows pictures up to 10 MB; readers on a phone pay for each. */
const MAX_BYTES = 3_000_000;

/** An animated picture of a flow, one frame after the other; made only when the run was asked for pictures. */
export class Film {
	private readonly frames: Array<{ file: string; ms: number }> = [];

	private folder: string | undefined;

	/**
	 * Adds what the page shows now.
	 * @param caption Says at the foot of the frame what happens.
	 * @param ms How long the frame is shown.
	 */
	async frame(page: Page, caption: string, ms = 2_000): Promise<void> {
		if (!PICTURES_WANTED) return;
		this.folder ??= await mkdtemp(path.join(tmpdir(), 'n8n-nodes-didit-film-'));
		const file = path.join(this.folder, `${String(this.frames.length).padStart(2, '0')}.png`);
		await setCaption(page, caption);
		await snapshot(page, file);
		await setCaption(page, '');
		this.frames.push({ file, ms });
	}

	/**
	 * Joins the frames to docs/images/NAME.webp.
	 * @throws Error when img2webp is missing, or the picture is larger than 3 MB
	 */
	async write(name: string): Promise<void> {
		if (!PICTURES_WANTED) return;
		const target = path.join(PICTURES, `${name}.webp`);
		const frames = this.frames.flatMap(({ file, ms }) => ['-d', String(ms), file]);
		const args = ['-loop', '0', '-mixed', '-lossy', '-q', '85', '-m', '6', ...frames, '-o', target];
		const { code, output } = await run('img2webp', args, {
			cwd: PICTURES,
			env: process.env,
		}).catch((error: Error) => {
			throw new Error(
				`img2webp is needed to join the frames (Debian: apt-get install webp): ${error.message}`,
			);
		});
		if (code !== 0) throw new Error(`img2webp could not join the frames: ${output}`);
		const { size } = await stat(target);
		if (size > MAX_BYTES) throw new Error(`${target} has ${size} bytes, more than ${MAX_BYTES}`);
		if (this.folder) await rm(this.folder, { recursive: true });
	}
}

/** Shows a line at the foot of the page; an empty one takes it away. */
async function setCaption(page: Page, text: string): Promise<void> {
	await page.evaluate(`{
		document.getElementById('film-caption')?.remove();
		const text = ${JSON.stringify(text)};
		if (text) {
			const line = document.createElement('div');
			line.id = 'film-caption';
			line.textContent = text;
			Object.assign(line.style, {
				position: 'fixed', left: 0, right: 0, bottom: 0, zIndex: 99999, padding: '14px 24px', textAlign: 'center',
				font: '600 22px/1.3 system-ui, sans-serif', color: '#fff', background: '#172033',
			});
			document.body.append(line);
		}
	}`);
}
