import type { EmulatorOptions } from '../../emulator';
import {
	bareStage,
	prepareStage,
	type BareStage,
	type Ground,
	type StageOptions,
} from '../../testbed/stage';
import type { Run } from './run';

const UNLIMITED = 1_000_000;

/** Didit limits nothing, and n8n throws no execution away before it is counted. */
function longRun(
	run: Run,
	retryDelaysMs: [number, number],
	env: Record<string, string> = {},
	emulator: EmulatorOptions = {},
): StageOptions {
	const limits = { createPerMinute: UNLIMITED, getPerMinute: UNLIMITED, writePerMinute: UNLIMITED };
	return {
		log: (line) => run.log(line),
		signal: run.signal,
		env: { EXECUTIONS_DATA_PRUNE: 'false', ...env },
		emulator: { retryDelaysMs, limits, ...emulator },
	};
}

/**
 * The stage of a long run, which ends with the run.
 * @param retryDelaysMs before Didit's second and third attempt of a webhook
 * @param env more environment variables for n8n
 * @param emulator more options of the emulator
 */
export async function startLongStage(
	run: Run,
	retryDelaysMs: [number, number],
	env?: Record<string, string>,
	emulator?: EmulatorOptions,
): Promise<BareStage> {
	const stage = await bareStage(longRun(run, retryDelaysMs, env, emulator));
	run.atEnd(stage.stop);
	return stage;
}

/** The same without an n8n. */
export async function prepareLongStage(
	run: Run,
	retryDelaysMs: [number, number],
	more?: EmulatorOptions,
): Promise<Ground> {
	const ground = await prepareStage(longRun(run, retryDelaysMs, {}, more));
	run.atEnd(ground.stop);
	return ground;
}
