/** n8n's Data Tables, by the API that its editor uses. */

import { until } from '../../testbed/until';
import type { World } from './world';

export type Row = Record<string, unknown>;

async function pathOf({ n8n }: World, name: string): Promise<string | undefined> {
	const filter = encodeURIComponent(JSON.stringify({ name }));
	const { data } = await n8n.rest.call<{
		data: Array<{ id: string; name: string; projectId: string }>;
	}>('GET', `/data-tables-global?filter=${filter}`);
	const table = data.find((one) => one.name === name);
	return table && `/projects/${table.projectId}/data-tables/${table.id}`;
}

/** The rows in the order of their insertion; none while there is no such table. */
export async function rowsOf(world: World, name: string): Promise<Row[]> {
	const path = await pathOf(world, name);
	if (!path) return [];
	const { data } = await world.n8n.rest.call<{ data: Row[] }>('GET', `${path}/rows?take=100`);
	return data.sort((a, b) => Number(a.id) - Number(b.id));
}

/** Waits until the table has rows that pass the check. */
export async function rowsThat(
	world: World,
	name: string,
	check: (row: Row) => boolean,
	count = 1,
): Promise<Row[]> {
	const find = async () => {
		const found = (await rowsOf(world, name)).filter(check);
		return found.length >= count && found;
	};
	return await until(find, { what: `${count} rows of ${name}`, every: 150 });
}

/** Adds rows to a table that exists. */
export async function addRows(world: World, name: string, rows: Row[]): Promise<void> {
	const path = await pathOf(world, name);
	if (!path) throw new Error(`There is no table ${name}`);
	await world.n8n.rest.call('POST', `${path}/insert`, { data: rows, returnType: 'count' });
}
