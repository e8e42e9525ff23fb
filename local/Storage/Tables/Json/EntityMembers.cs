using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.Serialization;
using System.Text;
using System.Text.Json;

namespace Azure.Data.Tables.Json;

/// <summary>The stored properties of one entity type, found once. <see cref="Of"/> is the cache.</summary>
internal sealed class EntityMembers
{
    private static readonly ConcurrentDictionary<Type, EntityMembers> Cache = new();

    private EntityMembers(Type type)
    {
        var members = new List<EntityMember>();
        foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            if (property.GetIndexParameters().Length > 0 || property.IsDefined(typeof(IgnoreDataMemberAttribute)))
            {
                continue;
            }

            members.Add((EntityMember)Activator.CreateInstance(
                typeof(EntityMember<,>).MakeGenericType(type, property.PropertyType), property)!); // never null for a class
        }

        All = [.. members];
    }

    public EntityMember[] All { get; }

    public static EntityMembers Of(Type type) => Cache.GetOrAdd(type, static t => new EntityMembers(t));
}

/// <summary>One property of an entity type: its name in the table and how to write and read it.</summary>
internal abstract class EntityMember
{
    protected EntityMember(PropertyInfo property)
    {
        Name = property.GetCustomAttribute<DataMemberAttribute>()?.Name ?? property.Name;
        IsETag = Name == nameof(ITableEntity.ETag);
        IsKey = Name is nameof(ITableEntity.PartitionKey) or nameof(ITableEntity.RowKey);
        IsStored = !IsETag && Name != nameof(ITableEntity.Timestamp);
        Utf8Name = Encoding.UTF8.GetBytes(IsETag ? TableEntity.ETagKey : Name);
        JsonName = JsonEncodedText.Encode(Name);
        TypeName = JsonEncodedText.Encode(Name + "@odata.type");
    }

    public string Name { get; }

    public byte[] Utf8Name { get; }

    public JsonEncodedText JsonName { get; }

    public JsonEncodedText TypeName { get; }

    public bool IsETag { get; }

    public bool IsKey { get; }

    /// <summary>False for what the service itself keeps.</summary>
    public bool IsStored { get; }

    public abstract void Write(Utf8JsonWriter writer, object entity);

    public abstract void Read(ref Utf8JsonReader reader, object entity);
}

/// <summary>Calls the property's accessors through delegates of their exact types: nothing is boxed.</summary>
internal sealed class EntityMember<TEntity, TValue> : EntityMember
{
    private readonly Func<TEntity, TValue>? _get;
    private readonly Action<TEntity, TValue>? _set;
    private readonly EdmConverter<TValue>? _converter;

    public EntityMember(PropertyInfo property)
        : base(property)
    {
        _get = property.GetMethod?.CreateDelegate<Func<TEntity, TValue>>();
        _set = property.SetMethod?.CreateDelegate<Action<TEntity, TValue>>();
        _converter = EdmConverter<TValue>.Instance;
    }

    public override void Write(Utf8JsonWriter writer, object entity)
    {
        if (IsStored && _get is not null)
        {
            Converter.Write(writer, this, _get((TEntity)entity));
        }
    }

    public override void Read(ref Utf8JsonReader reader, object entity)
    {
        if (_set is null)
        {
            return;
        }

        _set((TEntity)entity, reader.TokenType == JsonTokenType.Null ? default! : Converter.Read(ref reader)); // null is what upstream assigns too
    }

    private EdmConverter<TValue> Converter => _converter
        ?? throw new NotSupportedException($"Property {typeof(TEntity).Name}.{Name}: a table cannot store {typeof(TValue)}.");
}
