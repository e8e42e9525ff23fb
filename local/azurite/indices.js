// Azurite's database has the right indices and uses few of them: with some thousand rows or messages in it, every request took tens of milliseconds.
// What it answers stays what it is.
'use strict';

/** @param part Gives a module of Azurite by its path. */
function useIndices(part) {
  const { Collection, Resultset } = require('lokijs');
  changeOneByOne(Collection.prototype);
  leaveWhatIsInPlace(Collection.prototype);
  beginWithTheFewest(Resultset.prototype);
  lookIntoOnePartition(part('table/persistence/LokiTableMetadataStore').prototype);
  replaceInPlace(part('table/persistence/LokiTableMetadataStore').prototype);
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

/** A document that has changed is looked for in all of each index, to be taken out and put in again, also where it may stay. */
function leaveWhatIsInPlace(collection) {
  const { adaptiveBinaryIndexUpdate } = collection;
  collection.adaptiveBinaryIndexUpdate = function updateMoved(position, property) {
    const { values } = this.binaryIndices[property];
    const [first, last] = this.calculateRange('$eq', property, this.data[position][property]);
    for (let i = first; i <= last; i++) if (values[i] === position) return;
    adaptiveBinaryIndexUpdate.call(this, position, property);
  };
}

/** A row that is replaced is taken out and put in again, and with that every index renumbered. */
function replaceInPlace(store) {
  const { updateTableEntity } = store;
  store.updateTableEntity = function update(...of) {
    const within = Object.create(this, { getEntityCollection: { value: (...names) => inPlace(this.getEntityCollection(...names)) } });
    return updateTableEntity.apply(within, of);
  };
}

function inPlace(collection) {
  let old;
  return {
    findOne: (query) => collection.findOne(query),
    remove(row) { old = row; },
    insert(row) {
      collection.update(Object.assign(row, { $loki: old.$loki, meta: { ...old.meta } }));
      delete old.$loki; // as of one that was taken out: a batch that fails puts it back
      delete old.meta;
    },
  };
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
    const [partition, begin, end] = [valueOf(conditions, 'PartitionKey', /^eq$/i), valueOf(conditions, 'RowKey', /^g[et]$/i), valueOf(conditions, 'RowKey', /^lt$/i)];
    if (partition === undefined) return queryTableEntities.call(this, context, account, table, options, ...from);
    const find = behindAll.test(begin) ? { RowKey: { $gte: begin } } : isNoNumberBetween(begin, end) ? { RowKey: { $between: [begin, end] } } : { PartitionKey: partition };
    const within = Object.create(this, {
      getEntityCollection: { value: (...names) => ({ chain: () => this.getEntityCollection(...names).chain().find(find) }) },
    });
    return queryTableEntities.call(within, context, account, table, options, ...from);
  };
}

/**
 * Row keys that come behind those of all leads, in whatever partition: there are few of them. The database compares what looks like a number as one, and before all other texts, so only of such
 * keys is its order certain to be that of the text.
 */
const behindAll = /^~/;

/** Likewise what begins with the same as everything in a range, when no number begins so: the rows of one thing, in whatever partition. */
function isNoNumberBetween(begin, end) {
  if (begin === undefined || end === undefined) return false;
  let length = 0;
  while (length < begin.length && begin[length] === end[length]) length++;
  const isNext = end.length === length + 1 && end.charCodeAt(length) === begin.charCodeAt(length) + 1; // from "a|" to "a}" all begins with "a|"
  return /[|/:;]/.test(begin.slice(0, isNext ? length + 1 : length));
}

/** What a property must be, or be at least or less than, to get through the filter; undefined when nothing says so. */
function valueOf(conditions, property, operator) {
  const condition = conditions.find((one) => one.length === 3 && one[0] === property && operator.test(one[1]));
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
