// Microsoft's storage clients for JavaScript as a peer: one JSON request a line in, one JSON answer a line out.
// Property values travel as { type: "Edm type without Edm.", value } so that nothing is guessed.
import { createInterface } from 'node:readline';
import { AzureNamedKeyCredential, TableClient, TableServiceClient, generateAccountSas, generateTableSas } from '@azure/data-tables';
import {
  AccountSASPermissions, AccountSASResourceTypes, AccountSASServices, QueueSASPermissions, QueueServiceClient, SASProtocol,
  StorageSharedKeyCredential, generateAccountSASQueryParameters, generateQueueSASQueryParameters,
} from '@azure/storage-queue';

const connectionString = process.argv[2];
const setting = (name) => connectionString.match(new RegExp(`${name}=([^;]+)`))[1];
const http = { allowInsecureConnection: true };
const table = (name) => TableClient.fromConnectionString(connectionString, name, http);
const queue = (name) => QueueServiceClient.fromConnectionString(connectionString).getQueueClient(name);
const inAnHour = () => new Date(Date.now() + 3600_000);

const operations = {
  createTable: ({ name }) => table(name).createTable(),
  addEntity: ({ name, entity }) => table(name).createEntity(entity),
  getEntity: ({ name, partitionKey, rowKey }) => table(name).getEntity(partitionKey, rowKey, { disableTypeConversion: true }),
  transaction: ({ name, actions }) => table(name).submitTransaction(actions),
  updateEntity: ({ name, entity, etag }) => table(name).updateEntity(entity, 'Merge', { etag }),
  async listTables() {
    const names = [];
    for await (const each of TableServiceClient.fromConnectionString(connectionString, http).listTables()) names.push(each.name);
    return names;
  },
  async listEntities({ name, filter }) {
    const rows = [];
    for await (const row of table(name).listEntities({ disableTypeConversion: true, queryOptions: { filter } })) rows.push(row);
    return rows;
  },
  createQueue: ({ name, metadata }) => queue(name).create({ metadata }),
  sendMessage: ({ name, text, options }) => queue(name).sendMessage(text, options),
  receiveMessages: async ({ name, options }) => (await queue(name).receiveMessages(options)).receivedMessageItems,
  updateMessage: ({ name, id, receipt, text, visibility }) => queue(name).updateMessage(id, receipt, text, visibility),
  deleteMessage: ({ name, id, receipt }) => queue(name).deleteMessage(id, receipt),
  queueProperties: ({ name }) => queue(name).getProperties(),
  tableAccountSas: () => generateAccountSas(
    new AzureNamedKeyCredential(setting('AccountName'), setting('AccountKey')),
    { expiresOn: inAnHour(), permissions: { query: true, write: true, delete: true, list: true, add: true, create: true, update: true }, services: { table: true } }),
  tableSas: ({ name, readOnly }) => generateTableSas(
    name, new AzureNamedKeyCredential(setting('AccountName'), setting('AccountKey')),
    { expiresOn: inAnHour(), permissions: readOnly ? { query: true } : { query: true, add: true, update: true, delete: true } }),
  queueAccountSas: () => generateAccountSASQueryParameters({
    expiresOn: inAnHour(), protocol: SASProtocol.HttpsAndHttp,
    permissions: AccountSASPermissions.parse('rwdlacup'), services: AccountSASServices.parse('q').toString(),
    resourceTypes: AccountSASResourceTypes.parse('sco').toString(),
  }, new StorageSharedKeyCredential(setting('AccountName'), setting('AccountKey'))).toString(),
  queueSas: ({ name, permissions }) => generateQueueSASQueryParameters({
    queueName: name, expiresOn: inAnHour(), permissions: QueueSASPermissions.parse(permissions), protocol: SASProtocol.HttpsAndHttp,
  }, new StorageSharedKeyCredential(setting('AccountName'), setting('AccountKey'))).toString(),
};

const plain = (name, value) =>
  typeof value === 'bigint' ? value.toString() : name === '_response' || name === 'subResponses' || name === 'response' ? undefined : value;

for await (const line of createInterface({ input: process.stdin })) {
  const { operation, ...values } = JSON.parse(line);
  let answer;
  try {
    answer = { result: (await operations[operation](values)) ?? null };
  } catch (error) {
    answer = { error: error.message, status: error.statusCode ?? null, code: error.code ?? null };
  }
  process.stdout.write(JSON.stringify(answer, plain) + '\n');
}
