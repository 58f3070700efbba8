import type { Resource } from '../operation/define';
import { aml } from './aml';
import { business } from './business';
import { list } from './list';
import { listEntry } from './listEntry';
import { session } from './session';
import { user } from './user';
import { webhookDelivery } from './webhookDelivery';

/** The resources of the node, in the order of the dropdown. */
export const RESOURCES: Resource[] = [aml, business, list, listEntry, session, user, webhookDelivery];
