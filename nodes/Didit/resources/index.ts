import type { Resource } from '../operation/define';
import { aml } from './aml';
import { session } from './session';

/** The resources of the node, in the order of the dropdown. */
export const RESOURCES: Resource[] = [aml, session];
