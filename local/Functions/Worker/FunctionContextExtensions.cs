using LeadFunctions.Local.Functions.Discovery;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Microsoft.Azure.Functions.Worker;

public static class FunctionContextExtensions
{
    /// <summary>The request of an HTTP-triggered invocation; null for any other.</summary>
    public static HttpContext? GetHttpContext(this FunctionContext context) => (context as LocalFunctionContext)?.HttpContext;
}

public static class FunctionContextLoggerExtensions
{
    public static ILogger<T> GetLogger<T>(this FunctionContext context) => context.InstanceServices.GetRequiredService<ILogger<T>>();

    public static ILogger GetLogger(this FunctionContext context, string categoryName) =>
        context.InstanceServices.GetRequiredService<ILoggerFactory>().CreateLogger(categoryName);
}

public static class FunctionContextBindingFeatureExtensions
{
    /// <summary>What the function returned, for middleware to read after <c>next</c> or to replace.</summary>
    /// <exception cref="InvalidOperationException">The value is not a <typeparamref name="T"/>.</exception>
    public static InvocationResult<T> GetInvocationResult<T>(this FunctionContext context) => new LocalInvocationResult<T>((LocalFunctionContext)context);

    /// <inheritdoc cref="GetInvocationResult{T}"/>
    public static InvocationResult GetInvocationResult(this FunctionContext context) => new LocalInvocationResult((LocalFunctionContext)context);
}

public abstract class InvocationResult<T>
{
    public abstract T? Value { get; set; }
}

public abstract class InvocationResult : InvocationResult<object>;
