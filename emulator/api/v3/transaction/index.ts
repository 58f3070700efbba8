/** `/v3/transactions/`: monitoring and the Travel Rule (docs.didit.me, transactions). */

import { randomUUID } from 'node:crypto';
import type { Hono } from 'hono';

import { answer, detail } from '../../../http/answers';
import { endpoint, type Call } from '../../../http/endpoint';
import { pageAnswer, readPage } from '../../../http/paging';
import { route, uuidParam } from '../../../http/routing';
import type { JsonObject } from '../../../json';
import type { Service } from '../../../service';
import type { Transaction } from '../../../state/transactions';
import { requireCredits } from '../check/run';
import { readTransaction } from './read';
import { transactionRecord, transactionRow } from './record';
import {
	announceExchange,
	beginExchange,
	changeExchange,
	confirmOwnership,
	ownershipAction,
} from './travelRule';
import { judge } from './verdict';

const PRICE = 0.02;
/** The list's `count` says no more; `total_transactions` does. */
const MAX_COUNT = 100;

/** `transaction.created` and `transaction.status.updated`, which the sandbox doesn't send. */
function announce({ service, application }: Call, event: string, transaction: Transaction): void {
	if (application.config.environment === 'sandbox') return;
	const { request } = transaction;
	void service.sender.entityEvent(application, event, {
		transaction_id: transaction.uuid,
		txn_id: request.id,
		status: transaction.status,
		score: transaction.score,
		severity: transaction.severity,
		amount: request.amount,
		currency: request.currency,
		direction: request.direction,
		action_required: transaction.actionRequired,
	});
}

async function create(call: Call): Promise<Response> {
	requireCredits(call, PRICE);
	const { service, application } = call;
	const now = service.state.now();
	const request = readTransaction(await call.body(), now);
	if (application.transactions.some((other) => other.request.id === request.id)) {
		throw detail(400, `A transaction with transaction_id ${request.id} already exists.`);
	}
	const transaction: Transaction = {
		uuid: randomUUID(),
		number: application.transactions.length + 1,
		request,
		...judge(call, request),
		travelRule: beginExchange(request),
		tags: [],
		createdAt: now,
		updatedAt: now,
	};
	if (transaction.travelRule === 'UNCONFIRMED_OWNERSHIP' && transaction.status === 'APPROVED') {
		transaction.status = 'AWAITING_USER';
		transaction.actionRequired = ownershipAction(call);
	}
	application.transactions.push(transaction);
	if (application.config.environment === 'live') service.account.charge(PRICE);
	announce(call, 'transaction.created', transaction);
	if (transaction.travelRule !== null) announceExchange(call, transaction);
	return answer(transactionRecord(transaction), 201);
}

function list(call: Call): Response {
	const page = readPage(call.query, 50);
	// Newest day first, and of the same time the one that came last.
	const all = call.application.transactions
		.toReversed()
		.sort((a, b) => Date.parse(b.request.at) - Date.parse(a.request.at));
	const end = page.offset + page.limit;
	const rows = all.slice(page.offset, end).map(transactionRow);
	const count = Math.min(all.length, MAX_COUNT);
	return pageAnswer(call.context, page, count, all.length > end, rows, {
		total_transactions: all.length,
	});
}

function ownTransaction({ application, param }: Call): Transaction {
	const found = application.transactions.find(({ uuid }) => uuid === param('uuid'));
	if (!found) throw detail(404, 'Not found.');
	return found;
}

/** A change of the exchange, and of the transaction's status where it follows. */
const changing =
	(change: (call: Call, transaction: Transaction) => Promise<void>) =>
	async (call: Call): Promise<JsonObject> => {
		const transaction = ownTransaction(call);
		const { status } = transaction;
		await change(call, transaction);
		transaction.updatedAt = call.service.state.now();
		if (transaction.status !== status) announce(call, 'transaction.status.updated', transaction);
		return transactionRecord(transaction);
	};

export function addTransactionRoutes(app: Hono, service: Service): void {
	const read = 'transactions:read';
	const write = 'transactions:write';
	const one = `/v3/transactions/${uuidParam('uuid')}/`;
	route(app, '/v3/transactions/', {
		GET: endpoint(service, read, list),
		POST: endpoint(service, write, create),
	});
	route(app, one, {
		GET: endpoint(service, read, (call) => transactionRecord(ownTransaction(call))),
	});
	route(app, `${one}travel-rule/`, { PATCH: endpoint(service, write, changing(changeExchange)) });
	route(app, `${one}travel-rule/ownership/`, {
		POST: endpoint(service, write, changing(confirmOwnership)),
	});
}
