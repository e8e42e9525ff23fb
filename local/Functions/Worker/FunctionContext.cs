using System.Collections.Immutable;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>One invocation of a function.</summary>
public abstract class FunctionContext
{
    public abstract string InvocationId { get; }

    public abstract string FunctionId { get; }

    public abstract TraceContext TraceContext { get; }

    public abstract BindingContext BindingContext { get; }

    public abstract RetryContext RetryContext { get; }

    /// <summary>The invocation's own scope.</summary>
    public abstract IServiceProvider InstanceServices { get; set; }

    public abstract FunctionDefinition FunctionDefinition { get; }

    public abstract IDictionary<object, object> Items { get; set; }

    public abstract IInvocationFeatures Features { get; }

    /// <summary>Cancelled when the app stops and the grace for work in flight is over, and when an HTTP client has gone.</summary>
    public virtual CancellationToken CancellationToken { get; }
}

public abstract class FunctionDefinition
{
    public abstract ImmutableArray<FunctionParameter> Parameters { get; }

    public abstract string PathToAssembly { get; }

    public abstract string EntryPoint { get; }

    public abstract string Id { get; }

    public abstract string Name { get; }

    public abstract IImmutableDictionary<string, BindingMetadata> InputBindings { get; }

    public abstract IImmutableDictionary<string, BindingMetadata> OutputBindings { get; }
}

public class FunctionParameter(string name, Type type, bool hasDefaultValue, object? defaultValue, IReadOnlyDictionary<string, object> properties)
{
    public FunctionParameter(string name, Type type)
        : this(name, type, false, null, ImmutableDictionary<string, object>.Empty)
    {
    }

    public FunctionParameter(string name, Type type, bool hasDefaultValue, object? defaultValue)
        : this(name, type, hasDefaultValue, defaultValue, ImmutableDictionary<string, object>.Empty)
    {
    }

    public FunctionParameter(string name, Type type, IReadOnlyDictionary<string, object> properties)
        : this(name, type, false, null, properties)
    {
    }

    public string Name { get; } = name;

    public Type Type { get; } = type;

    public bool HasDefaultValue { get; } = hasDefaultValue;

    public bool IsReferenceOrNullableType { get; } = !type.IsValueType || Nullable.GetUnderlyingType(type) is not null;

    public object? DefaultValue { get; } = defaultValue;

    public IReadOnlyDictionary<string, object> Properties { get; } = properties;
}

public abstract class BindingMetadata
{
    public abstract string Name { get; }

    /// <summary>The kind of binding: <c>httpTrigger</c>, <c>queueTrigger</c>, <c>timerTrigger</c>, <c>queue</c>, <c>http</c>.</summary>
    public abstract string Type { get; }

    public abstract BindingDirection Direction { get; }
}

public enum BindingDirection
{
    In = 0,
    Out = 1,
}

public abstract class BindingContext
{
    /// <summary>What the trigger tells by name: route values, queue metadata.</summary>
    public abstract IReadOnlyDictionary<string, object?> BindingData { get; }
}

public abstract class TraceContext
{
    /// <summary>W3C trace context of the invocation; empty when it has none.</summary>
    public abstract string TraceParent { get; }

    public abstract string TraceState { get; }
}

public abstract class RetryContext
{
    public abstract int RetryCount { get; }

    public abstract int MaxRetryCount { get; }
}

public interface IInvocationFeatures : IEnumerable<KeyValuePair<Type, object>>
{
    void Set<T>(T instance);

    T? Get<T>();
}
