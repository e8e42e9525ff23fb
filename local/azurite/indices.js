// Azurite's database has the right indices and uses few of them: with some thousand rows or messages in it, every request took tens of milliseconds.
// What it answers stays what it is.
'use strict';

/** @param part Gives a module of Azurite by its path. */
function useIndices(part) {
  const { Collection, Resultset } = require('lokijs');
  changeOneByOne(Collection.prototype);
  beginWithTheFewest(Resultset.prototype);
  lookIntoOnePartition(part('table/persistence/LokiTableMetadataStore').prototype);
  expireWhatIsDue(part('queue/persistence/LokiQueueMetadataStore').prototype);
}

/** Whenever it changes a list of documents, be it empty, it sorts all indices of all of them anew, and Azurite does that at every look into a queue. */
function changeOneByOne(collection) {
  for (const change of ['remove', 'update']) {
    const one = collection[change];
    collection[change] = function changeEach(documents) {
      return Array.isArray(documents) ? documents.forEach((document) => one.call(this, document)) : one.call(this, documents);
    };
  }
}

/** Going through so many costs less than finding out whether another condition leaves fewer. */
const few = 4;

/** Of several conditions only the first uses its index: that is to be the one that leaves the fewest documents. */
function beginWithTheFewest(resultset) {
  const { find } = resultset;
  resultset.find = function findFewest(query, firstOnly) {
    if (this.filterInitialized || typeof query !== 'object' || query === null) return find.call(this, query, firstOnly);
    const properties = Object.keys(query);
    if (properties.length < 2) return find.call(this, query, firstOnly);
    let [fewest, count] = [properties[0], Infinity];
    for (const property of properties) {
      if (count <= few) break;
      if (typeof query[property] !== 'string' || !(property in this.collection.binaryIndices)) continue;
      const [first, last] = this.collection.calculateRange('$eq', property, query[property]);
      if (last - first < count) [fewest, count] = [property, last - first];
    }
    return find.call(this, { [fewest]: query[fewest], ...query }, firstOnly);
  };
}

/** At each request it looks through the queue for messages that have expired: there are none before the earliest of all does. */
function expireWhatIsDue(store) {
  const { clearExpiredMessages, insertMessage } = store;
  const earliest = new WeakMap(); // of each store
  store.insertMessage = function insert(message) {
    if (earliest.has(this)) earliest.set(this, Math.min(earliest.get(this), message.expirationTime));
    return insertMessage.call(this, message);
  };
  store.clearExpiredMessages = async function clear(...of) {
    if (earliest.get(this) > Date.now()) return;
    await clearExpiredMessages.apply(this, of);
    earliest.set(this, this.db.getCollection(this.MESSAGES_COLLECTION).data.reduce((first, message) => Math.min(first, new Date(message.expirationTime)), Infinity));
  };
}

/** A query looks at every row of its table, whatever partition it names. */
function lookIntoOnePartition(store) {
  const { queryTableEntities } = store;
  store.queryTableEntities = function queryPartition(context, account, table, options, ...from) {
    const conditions = conditionsOf((options.filter ?? '').match(/'(?:[^']|'')*'|[()]|[^\s()']+/g) ?? []);
    const [partition, begin] = [valueOf(conditions, 'PartitionKey', 'eq'), valueOf(conditions, 'RowKey', 'ge')];
    if (partition === undefined) return queryTableEntities.call(this, context, account, table, options, ...from);
    const find = behindAll.test(begin) ? { RowKey: { $gte: begin } } : { PartitionKey: partition };
    const within = Object.create(this, {
      getEntityCollection: { value: (...names) => ({ chain: () => this.getEntityCollection(...names).chain().find(find) }) },
    });
    return queryTableEntities.call(within, context, account, table, options, ...from);
  };
}

/**
 * Row keys that come behind those of all leads, in whatever partition: there are few of them. The database compares what looks like a number as one, so only of such keys is its order
 * certain to be that of the text.
 */
const behindAll = /^~/;

/** What a property must be, or be at least, to get through the filter; undefined when nothing says so. */
function valueOf(conditions, property, operator) {
  const condition = conditions.find((one) => one.length === 3 && one[0] === property && one[1].toLowerCase() === operator);
  return condition?.[2].slice(1, -1).replaceAll("''", "'");
}

/** What must all hold, each as its words. */
function conditionsOf(words) {
  const conditions = [[]];
  let depth = 0;
  for (const word of words) {
    depth += word === '(' ? 1 : word === ')' ? -1 : 0;
    if (depth === 0 && /^(or|not)$/i.test(word)) return [words];
    if (depth === 0 && /^and$/i.test(word)) conditions.push([]);
    else conditions.at(-1).push(word);
  }
  if (conditions.length > 1) return conditions.flatMap(conditionsOf);
  return words[0] === '(' ? conditionsOf(words.slice(1, -1)) : [words];
}

module.exports = { useIndices };
