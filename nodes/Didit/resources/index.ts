import type { Resource } from '../operation/define';
import { aml } from './aml';
import { company } from './company';
import { document } from './document';
import { face } from './face';
import { session } from './session';
import { transaction } from './transaction';

/** The resources of the node, in the order of the dropdown. */
export const RESOURCES: Resource[] = [aml, company, document, face, session, transaction];
