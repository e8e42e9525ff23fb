using System.Collections.Immutable;
using System.Reflection;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace LeadFunctions.Local.Functions.Discovery;

/// <summary>A function of the app: its definition, its compiled body, and how often it runs and ran.</summary>
internal sealed class LocalFunction : FunctionDefinition
{
    private int running;
    private long completed;
    private FunctionBody? body;

    internal LocalFunction(string name, MethodInfo method, ParameterInfo triggerParameter, TriggerBindingAttribute trigger)
    {
        Name = name;
        Method = method;
        TriggerParameter = triggerParameter;
        Trigger = trigger;
        Id = method.DeclaringType!.FullName + "." + method.Name;
        Outputs = FunctionOutputs.Of(method);
        Parameters = [.. method.GetParameters().Select(p => new FunctionParameter(p.Name!, p.ParameterType, p.HasDefaultValue, p.HasDefaultValue ? p.DefaultValue : null))];
    }

    internal MethodInfo Method { get; }

    internal ParameterInfo TriggerParameter { get; }

    internal TriggerBindingAttribute Trigger { get; }

    internal FunctionOutputs Outputs { get; }

    /// <summary>Compiled at the first use: an app starts faster than it could compile all of them.</summary>
    internal FunctionBody Body => body ??= FunctionBody.Of(this);

    /// <summary>Invocations under way.</summary>
    internal int Running => Volatile.Read(ref running);

    /// <summary>Invocations that ended since the start, well or not.</summary>
    internal long Completed => Interlocked.Read(ref completed);

    public override string Name { get; }

    public override string Id { get; }

    public override string EntryPoint => Id;

    public override string PathToAssembly => Method.DeclaringType!.Assembly.Location;

    public override ImmutableArray<FunctionParameter> Parameters { get; }

    public override IImmutableDictionary<string, BindingMetadata> InputBindings =>
        ImmutableDictionary<string, BindingMetadata>.Empty.Add(TriggerParameter.Name!, new LocalBinding(TriggerParameter.Name!, LocalBinding.TypeOf(Trigger), BindingDirection.In));

    public override IImmutableDictionary<string, BindingMetadata> OutputBindings =>
        Outputs.Queues.ToImmutableDictionary(o => o.Name, o => (BindingMetadata)new LocalBinding(o.Name, "queue", BindingDirection.Out));

    internal void Enter() => Interlocked.Increment(ref running);

    internal void Leave()
    {
        Interlocked.Increment(ref completed);
        Interlocked.Decrement(ref running);
    }
}

internal sealed class LocalBinding(string name, string type, BindingDirection direction) : BindingMetadata
{
    public override string Name { get; } = name;

    public override string Type { get; } = type;

    public override BindingDirection Direction { get; } = direction;

    /// <summary>Upstream's name of a trigger: its attribute's, in camel case.</summary>
    internal static string TypeOf(TriggerBindingAttribute trigger)
    {
        var name = trigger.GetType().Name.Replace("Attribute", "", StringComparison.Ordinal);
        return char.ToLowerInvariant(name[0]) + name[1..];
    }
}
