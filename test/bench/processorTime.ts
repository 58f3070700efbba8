import { readdir, readFile } from 'node:fs/promises';

import { DemoError } from '../../testbed/processes';

/** Linux counts in hundredths of a second, whatever its own clock (proc(5), `sysconf(_SC_CLK_TCK)`). */
const TICK_MS = 10;

/**
 * The processor time that a process has used since it began: user and system time of all its threads, of its children and of theirs, the
 * ended ones that it waited for included.
 * @returns Milliseconds, in steps of 10.
 * @throws DemoError where there is no /proc: only Linux tells it exactly enough.
 */
export async function processorMs(pid: number): Promise<number> {
	if (process.platform !== 'linux')
		throw new DemoError('Processor time is read from /proc, which only Linux has.');
	const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
	const rows = (await Promise.all(pids.map(readRow))).filter((row) => row !== undefined);
	const members = new Set([pid]);
	for (let size = 0; size !== members.size; ) {
		size = members.size;
		for (const row of rows) if (members.has(row.parent)) members.add(row.pid);
	}
	return rows
		.filter((row) => members.has(row.pid))
		.reduce((sum, { ticks }) => sum + ticks * TICK_MS, 0);
}

async function readRow(
	pid: string,
): Promise<{ pid: number; parent: number; ticks: number } | undefined> {
	// A process may end between the listing and the reading.
	const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
	if (stat === undefined) return undefined;
	// Behind the name, which may hold spaces, the fields begin with the third (proc(5)): the parent is the fourth; user and system time,
	// and the same of the children that were waited for, are 14 to 17.
	const fields = stat
		.slice(stat.lastIndexOf(')') + 2)
		.split(' ')
		.map(Number);
	const ticks = fields.slice(11, 15).reduce((sum, value) => sum + value, 0);
	return { pid: Number(pid), parent: fields[1], ticks };
}
