import { bareStage, type BareStage, type StageOptions } from '../../testbed/stage';
import type { Bench } from './part';

/** The stage of one part of the benchmark, in a temporary folder of its own. The part stops it when it is done. */
export async function benchStage(bench: Bench, options: StageOptions = {}): Promise<BareStage> {
	const { tarball: packageTarball, signal } = bench;
	const stage = await bareStage({ packageTarball, signal, log: () => undefined, ...options });
	bench.atEnd(stage.stop);
	return stage;
}
