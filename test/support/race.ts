/**
 * A person who finishes before the execution waits. The emulator decides as soon as Wait for Decision has asked for the first time, and the
 * browser is back before the answer has gone out: n8n still refuses it, and nobody comes a second time.
 */
import pMap from 'p-map';

import type { Emulator, SessionView } from '../../emulator';
import { callbackUrl } from '../../emulator/page/callback';
import type { BareStage } from '../../testbed/stage';
import { until } from '../../testbed/until';
import { arrivals, resultFlow } from './resultFlow';

const AT_ONCE = { concurrency: 10 };
/** What the vendor data of the race's own sessions begins with. */
const VENDOR_DATA = 'race-';

export class Race {
	private stage: BareStage | undefined;

	private readonly visits = new Map<string, Promise<boolean>>();

	/** The emulator's log, which it writes when a request has been carried out and before its answer goes out. Give it to the stage. */
	readonly log = (line: string): void => {
		const sessionId = /^GET \/v3\/session\/([0-9a-f-]{36})\/decision\/ -> 200$/.exec(line)?.[1];
		if (this.stage === undefined || sessionId === undefined || this.visits.has(sessionId)) return;
		const { emulator } = this.stage;
		const session = emulator.sessions().find(({ id }) => id === sessionId);
		// An execution of another test may still ask about its own session.
		if (!session?.vendorData?.startsWith(VENDOR_DATA)) return;
		this.visits.set(sessionId, this.comeBack(emulator, session));
	};

	/** @returns Whether n8n took the person for one that it waits for. */
	private async comeBack(emulator: Emulator, { id, callback }: SessionView): Promise<boolean> {
		await emulator.complete(id, 'approve');
		// 409 while the execution runs, 500 while n8n stores it.
		return (await fetch(callbackUrl(callback ?? '', id, 'Approved'))).ok;
	}

	/**
	 * @param stage one whose emulator has this race's log
	 * @returns how many came too early, and the outputs by which each execution has left
	 */
	async run(stage: BareStage, tries: number): Promise<{ refused: number; left: string[][] }> {
		const { rest } = stage.n8n;
		const { id } = await rest.createWorkflow(
			resultFlow({
				operation: 'waitForDecision',
				vendorData: `={{ "${VENDOR_DATA}" + $execution.id }}`,
				credential: stage.credentials.v3,
				parameters: { outputsByResult: true },
			}),
		);
		this.stage = stage;
		const play = async () => {
			const { executionId = '' } = await rest.runManually(id, 'Start');
			const isOver = async () => {
				const execution = await rest.getExecution(executionId);
				return execution.status === 'success' && execution;
			};
			const what = `the end of execution ${executionId}`;
			const execution = await until(isOver, { timeout: 120_000, what, every: 250 });
			return Object.keys(arrivals(execution));
		};
		const left = await pMap(Array(tries).keys(), play, AT_ONCE).finally(
			() => (this.stage = undefined),
		);
		const taken = await Promise.all(this.visits.values());
		return { refused: taken.filter((isTaken) => !isTaken).length, left };
	}
}
