using System.Reflection;
using Microsoft.Extensions.Hosting;

namespace LeadFunctions.Local.Functions.Discovery;

/// <summary>Names the <see cref="IFunctionsExtension"/> of an assembly that declares triggers or bindings of its own.</summary>
[AttributeUsage(AttributeTargets.Assembly)]
internal sealed class FunctionsExtensionAttribute(Type type) : Attribute
{
    public Type Type { get; } = type;
}

/// <summary>
/// Brings more triggers and bindings. It is found when a function carries one of its assembly's binding attributes, so that an app
/// need not name it; what listens to its triggers is an <see cref="ITriggerListener"/> that it registers.
/// </summary>
internal interface IFunctionsExtension
{
    /// <summary>Registers services; called once, before the app registers its own.</summary>
    void Configure(IHostApplicationBuilder builder);

    /// <summary>How a parameter that carries one of the assembly's attributes gets its value; null when it does not know the parameter's type.</summary>
    Func<LocalFunctionContext, object?>? Bind(ParameterInfo parameter);
}

/// <summary>Listens for what triggers functions. Started when the app's own services run and its port is open.</summary>
internal interface ITriggerListener
{
    Task StartAsync(CancellationToken cancellationToken);

    /// <summary>Takes no more work; completes when work in flight has ended, been cancelled after <paramref name="grace"/>, or been handed back.</summary>
    Task StopAsync(TimeSpan grace);
}
