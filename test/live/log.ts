import { closeSync, existsSync, openSync, readSync, statSync } from 'node:fs';

export interface LogLine {
	level: string;
	message: string;
	metadata: Record<string, unknown>;
}

/** n8n's log file, which has a JSON object per line. */
export class LogFile {
	private position = 0;

	private unread: LogLine[] = [];

	private text = '';

	constructor(readonly path: string) {}

	/** Environment variables that make n8n write everything that it has to say to this file, beside the console. */
	get env(): Record<string, string> {
		return {
			N8N_LOG_LEVEL: 'debug',
			N8N_LOG_OUTPUT: 'console,file',
			N8N_LOG_FILE_LOCATION: this.path,
			// MiB; a new file would be begun otherwise.
			N8N_LOG_FILE_SIZE_MAX: '512',
		};
	}

	/** What was written since `take`: as it is in the file, and the lines that an administrator sees by default. */
	read(): { text: string; loud: LogLine[] } {
		const end = existsSync(this.path) ? statSync(this.path).size : 0;
		if (end > this.position) {
			const bytes = Buffer.alloc(end - this.position);
			const file = openSync(this.path, 'r');
			readSync(file, bytes, 0, bytes.length, this.position);
			closeSync(file);
			// n8n may be in the middle of a line.
			const whole = bytes.subarray(0, bytes.lastIndexOf('\n') + 1);
			this.position += whole.length;
			this.text += whole.toString();
			const lines = whole
				.toString()
				.split('\n')
				.filter((line) => line !== '');
			this.unread.push(
				...lines
					.map((line) => JSON.parse(line) as LogLine)
					.filter(({ level }) => level !== 'debug'),
			);
		}
		return { text: this.text, loud: this.unread };
	}

	/** The same, and the next time only what is written after it. */
	take(): { text: string; loud: LogLine[] } {
		const taken = this.read();
		this.text = '';
		this.unread = [];
		return taken;
	}
}
