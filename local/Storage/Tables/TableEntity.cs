#nullable disable // Upstream's assembly carries no nullable annotations; the app must see the same.
using System.Collections;

namespace Azure.Data.Tables;

/// <summary>
/// A row as a dictionary. Values are string, int, long, double, bool, DateTimeOffset or DateTime (UTC), Guid, byte[] or BinaryData;
/// a null value is not stored. Rows read back hold DateTimeOffset for every time and byte[] for every binary.
/// </summary>
public sealed class TableEntity : ITableEntity, IDictionary<string, object>
{
    internal const string ETagKey = "odata.etag";

    private readonly Dictionary<string, object> _properties;

    public TableEntity() => _properties = new Dictionary<string, object>(8);

    public TableEntity(string partitionKey, string rowKey)
        : this()
    {
        PartitionKey = partitionKey;
        RowKey = rowKey;
    }

    public TableEntity(IDictionary<string, object> values) =>
        _properties = values is null ? [] : new Dictionary<string, object>(values);

    public string PartitionKey
    {
        get => GetString(nameof(PartitionKey));
        set => _properties[nameof(PartitionKey)] = value;
    }

    public string RowKey
    {
        get => GetString(nameof(RowKey));
        set => _properties[nameof(RowKey)] = value;
    }

    public DateTimeOffset? Timestamp
    {
        get => GetDateTimeOffset(nameof(Timestamp));
        set => _properties[nameof(Timestamp)] = value;
    }

    public ETag ETag
    {
        get => new(GetString(ETagKey));
        set => _properties[ETagKey] = value.ToString();
    }

    public ICollection<string> Keys => _properties.Keys;

    ICollection<object> IDictionary<string, object>.Values => _properties.Values;

    public int Count => _properties.Count;

    bool ICollection<KeyValuePair<string, object>>.IsReadOnly => false;

    /// <summary>The value, or null when there is none.</summary>
    /// <exception cref="InvalidOperationException">Setting: a value of another type is there, and the new one does not fit it (an int fits long and double).</exception>
    public object this[string key]
    {
        get => _properties.GetValueOrDefault(key);
        set => _properties[key] = value is not null && _properties.TryGetValue(key, out var present) && present is not null
            ? Fit(present, value)
            : value;
    }

    internal Dictionary<string, object> Properties => _properties;

    public string GetString(string key) => (string)Get(key, typeof(string));

    public byte[] GetBinary(string key) => Get(key, typeof(byte[])) switch
    {
        BinaryData data => data.ToArray(),
        var bytes => (byte[])bytes,
    };

    public BinaryData GetBinaryData(string key) => Get(key, typeof(BinaryData)) switch
    {
        byte[] bytes => BinaryData.FromBytes(bytes),
        var data => (BinaryData)data,
    };

    public bool? GetBoolean(string key) => (bool?)Get(key, typeof(bool));

    public DateTime? GetDateTime(string key) => Get(key, typeof(DateTime)) switch
    {
        DateTimeOffset moment => moment.UtcDateTime,
        var time => (DateTime?)time,
    };

    public DateTimeOffset? GetDateTimeOffset(string key) => Get(key, typeof(DateTimeOffset)) switch
    {
        DateTime time => new DateTimeOffset(time),
        var moment => (DateTimeOffset?)moment,
    };

    public double? GetDouble(string key) => (double?)Get(key, typeof(double));

    public Guid? GetGuid(string key) => (Guid?)Get(key, typeof(Guid));

    public int? GetInt32(string key) => (int?)Get(key, typeof(int));

    public long? GetInt64(string key) => (long?)Get(key, typeof(long));

    public void Add(string key, object value) => this[key] = value;

    public bool ContainsKey(string key) => _properties.ContainsKey(key);

    public bool Remove(string key) => _properties.Remove(key);

    public bool TryGetValue(string key, out object value) => _properties.TryGetValue(key, out value);

    public void Clear() => _properties.Clear();

    void ICollection<KeyValuePair<string, object>>.Add(KeyValuePair<string, object> item) => this[item.Key] = item.Value;

    bool ICollection<KeyValuePair<string, object>>.Contains(KeyValuePair<string, object> item) => Pairs.Contains(item);

    void ICollection<KeyValuePair<string, object>>.CopyTo(KeyValuePair<string, object>[] array, int arrayIndex) => Pairs.CopyTo(array, arrayIndex);

    bool ICollection<KeyValuePair<string, object>>.Remove(KeyValuePair<string, object> item) => Pairs.Remove(item);

    IEnumerator<KeyValuePair<string, object>> IEnumerable<KeyValuePair<string, object>>.GetEnumerator() => _properties.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => _properties.GetEnumerator();

    private ICollection<KeyValuePair<string, object>> Pairs => _properties;

    private object Get(string key, Type type)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        if (!_properties.TryGetValue(key, out var value) || value is null)
        {
            return null;
        }

        var given = value.GetType();
        var fits = given == type
            || (type == typeof(byte[]) && value is BinaryData)
            || (type == typeof(BinaryData) && value is byte[])
            || (type == typeof(DateTime) && value is DateTimeOffset)
            || (type == typeof(DateTimeOffset) && value is DateTime);
        return fits ? value : throw new InvalidOperationException($"Property '{key}' is of type {given}, not {type}.");
    }

    private static object Fit(object present, object value) => (present, value) switch
    {
        (int, double or long) => value,
        (double, int number) => (double)number,
        (long, int number) => (long)number,
        _ when present.GetType().IsInstanceOfType(value) => value,
        _ => throw new InvalidOperationException($"A value of type {value.GetType()} does not fit the property's type {present.GetType()}."),
    };
}
