import path from 'node:path';
import { mkdtemp } from 'node:fs/promises';
import { ensureN8n } from '../../demo/install';
import { startN8n } from '../../demo/n8n';
import { packPackage } from '../../demo/pack';
import { wait } from '../../demo/processes';
import { eventsOf, SECRET } from './bodies';
import { load, signedDeliveries } from './load';
import { OWNER } from './part';
import { bareWebhook, diditTrigger } from './workflows';
(async () => {
  const which = process.argv[2];
  const install = await ensureN8n({ log: console.log });
  const folder = await mkdtemp('/tmp/zzprof-');
  const tarball = await packPackage({ destination: path.join(folder, 'pack'), log: console.log });
  const n8n = await startN8n({ install, userFolder: path.join(folder, 'n8n'), packageTarball: tarball, env: { NODE_OPTIONS: `--cpu-prof --cpu-prof-dir=${folder}/prof`, ...(process.argv[3] ? { N8N_EXPRESSION_ENGINE_LAZY_ACQUIRE: 'true' } : {}) } });
  const { rest, url } = n8n;
  await rest.ownerSetup(OWNER);
  const didit = await rest.createCredential('Didit account', 'diditApi', { apiKey: 'inventedApiKey_bench', webhookSecrets: SECRET, baseUrl: 'http://127.0.0.1:9' });
  const { workflow, path: p } = which === 'bare' ? bareWebhook() : diditTrigger(didit);
  const { id } = await rest.createWorkflow(workflow); await rest.publish(id);
  const ev = eventsOf(22000);
  for (let i = 0; i < 4; i++) {
    const n = 200; const deliveries = signedDeliveries(ev, n + 30);
    const r = await load({ url: `${url}${p}`, connections: 10, deliveries, until: { sent: n } });
    console.log(which, 'answered/s', n / r.seconds, r.statuses);
    await wait(1500);
  }
  await n8n.stop();
  console.log(folder);
})();
