using System.Collections;
using System.Diagnostics;
using LeadFunctions.Local.Functions.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace LeadFunctions.Local.Functions.Discovery;

/// <summary>One invocation. Everything that most functions never look at is made when it is asked for.</summary>
internal sealed class LocalFunctionContext : FunctionContext
{
    private static readonly IReadOnlyDictionary<string, object?> NoData = new Dictionary<string, object?>();

    private readonly CancellationToken cancellation;
    private readonly IReadOnlyDictionary<string, object?> data;
    private string? invocationId;
    private IServiceProvider? services;
    private IDictionary<object, object>? items;
    private Features? features;

    internal LocalFunctionContext(LocalFunction function, HttpContext http)
    {
        Function = function;
        HttpContext = http;
        TriggerValue = http;
        data = NoData;
    }

    internal LocalFunctionContext(LocalFunction function, object triggerValue, IReadOnlyDictionary<string, object?>? data, IServiceProvider services, CancellationToken cancellation)
    {
        Function = function;
        TriggerValue = triggerValue;
        this.data = data ?? NoData;
        this.services = services;
        this.cancellation = cancellation;
    }

    internal LocalFunction Function { get; }

    internal HttpContext? HttpContext { get; }

    /// <summary>What the trigger brought: the HttpContext, the queue message, the TimerInfo.</summary>
    internal object TriggerValue { get; }

    /// <summary>What the function returned.</summary>
    internal object? Result { get; set; }

    /// <summary>W3C trace context of whoever caused the invocation, when it is known and not the current activity.</summary>
    internal string? TraceParent { get; init; }

    public override string InvocationId => invocationId ??= Guid.NewGuid().ToString();

    public override string FunctionId => Function.Id;

    public override FunctionDefinition FunctionDefinition => Function;

    public override TraceContext TraceContext => new LocalTraceContext(Activity.Current?.Id ?? TraceParent ?? "", Activity.Current?.TraceStateString ?? "");

    public override BindingContext BindingContext => new LocalBindingContext(HttpContext is null ? data : RouteData.Of(HttpContext));

    public override RetryContext RetryContext => NoRetry.Instance;

    public override IServiceProvider InstanceServices
    {
        get => services ??= HttpContext!.RequestServices;
        set => services = value;
    }

    public override IDictionary<object, object> Items
    {
        get => items ??= new Dictionary<object, object>();
        set => items = value;
    }

    public override IInvocationFeatures Features => features ??= new Features();

    public override CancellationToken CancellationToken => HttpContext?.RequestAborted ?? cancellation;

    /// <summary>The value that the trigger gives under a name (a route value, queue metadata); null when there is none.</summary>
    internal object? FindData(string name) => HttpContext is null ? data.GetValueOrDefault(name) : HttpContext.Request.RouteValues.GetValueOrDefault(name);

    private sealed class LocalTraceContext(string traceParent, string traceState) : TraceContext
    {
        public override string TraceParent { get; } = traceParent;

        public override string TraceState { get; } = traceState;
    }

    private sealed class LocalBindingContext(IReadOnlyDictionary<string, object?> data) : BindingContext
    {
        public override IReadOnlyDictionary<string, object?> BindingData { get; } = data;
    }

    private sealed class NoRetry : RetryContext
    {
        internal static readonly NoRetry Instance = new();

        public override int RetryCount => 0;

        public override int MaxRetryCount => 0;
    }
}

internal sealed class Features : IInvocationFeatures
{
    private readonly Dictionary<Type, object> instances = [];

    public void Set<T>(T instance)
    {
        if (instance is null)
        {
            instances.Remove(typeof(T));
        }
        else
        {
            instances[typeof(T)] = instance;
        }
    }

    public T? Get<T>() => instances.TryGetValue(typeof(T), out var instance) ? (T)instance : default;

    public IEnumerator<KeyValuePair<Type, object>> GetEnumerator() => instances.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}

internal sealed class LocalInvocationResult(LocalFunctionContext context) : InvocationResult
{
    public override object? Value
    {
        get => context.Result;
        set => context.Result = value;
    }
}

internal sealed class LocalInvocationResult<T>(LocalFunctionContext context) : InvocationResult<T>
{
    public override T? Value
    {
        get => context.Result switch
        {
            null => default,
            T value => value,
            var other => throw new InvalidOperationException($"The result is a {other.GetType()}, not a {typeof(T)}."),
        };
        set => context.Result = value;
    }
}
