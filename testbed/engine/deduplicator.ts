/** What n8n keeps in its table `processed_data`: the items that a node has already processed. */
import { createHash } from 'node:crypto';
import type { IDataDeduplicator } from 'n8n-workflow';

/** As deduplication-helper.js in n8n, mode `entries`, with a Map in place of the table `processed_data`. */
class MemoryDeduplicator implements IDataDeduplicator {
	readonly processed = new Map<string, string[]>();

	private keyOf = (...[, scope, context]: Parameters<IDataDeduplicator['removeProcessed']>) =>
		`${context.workflow.id} ${scope === 'node' ? `n:${context.node?.id}` : ''}`;

	private hashOf = (value: unknown) => createHash('md5').update(String(value)).digest('base64');

	checkProcessedAndRecord: IDataDeduplicator['checkProcessedAndRecord'] = async (
		items,
		scope,
		context,
		options,
	) => {
		if (options.mode !== 'entries') throw new Error(`Mode '${options.mode}' is not built here`);
		const key = this.keyOf(items, scope, context, options);
		const before = this.processed.get(key) ?? [];
		const isOld = (item: unknown) => before.includes(this.hashOf(item));
		const fresh = items.filter((item) => !isOld(item));
		const all = [...before, ...fresh.map((item) => this.hashOf(item))];
		this.processed.set(key, options.maxEntries ? all.slice(-options.maxEntries) : all);
		return { new: fresh, processed: items.filter(isOld) };
	};

	removeProcessed: IDataDeduplicator['removeProcessed'] = async (
		items,
		scope,
		context,
		options,
	) => {
		const key = this.keyOf(items, scope, context, options);
		const gone = items.map((item) => this.hashOf(item));
		this.processed.set(
			key,
			(this.processed.get(key) ?? []).filter((hash) => !gone.includes(hash)),
		);
	};

	clearAllProcessedItems: IDataDeduplicator['clearAllProcessedItems'] = async (
		scope,
		context,
		options,
	) => {
		this.processed.delete(this.keyOf([], scope, context, options));
	};

	getProcessedDataCount: IDataDeduplicator['getProcessedDataCount'] = async (
		scope,
		context,
		options,
	) => this.processed.get(this.keyOf([], scope, context, options))?.length ?? 0;
}

/** The processed items of every workflow and node; cleared after each test. */
export const deduplicator = new MemoryDeduplicator();
