using System.Reflection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace LeadFunctions.Local.Functions.Discovery;

/// <summary>Where what a function returns goes to: the HTTP answer, and messages to queues.</summary>
internal sealed class FunctionOutputs
{
    private readonly Func<object, object?>? http;

    private FunctionOutputs(Func<object, object?>? http, IReadOnlyList<QueueOutput> queues)
    {
        this.http = http;
        Queues = queues;
    }

    internal IReadOnlyList<QueueOutput> Queues { get; }

    internal static FunctionOutputs Of(MethodInfo method)
    {
        var type = ResultType(method.ReturnType);
        if (method.GetCustomAttribute<QueueOutputAttribute>() is { } returned)
        {
            return new FunctionOutputs(null, [new QueueOutput("$return", returned, value => value)]);
        }

        if (type is null || type.IsPrimitive || typeof(IResult).IsAssignableFrom(type) || typeof(IActionResult).IsAssignableFrom(type))
        {
            return new FunctionOutputs(null, []);
        }

        var properties = type.GetProperties(BindingFlags.Public | BindingFlags.Instance);
        var answer = properties.SingleOrDefault(p => p.IsDefined(typeof(HttpResultAttribute)));
        return new FunctionOutputs(
            answer is null ? null : answer.GetValue,
            [.. from property in properties
                let attribute = property.GetCustomAttribute<QueueOutputAttribute>()
                where attribute is not null
                select new QueueOutput(property.Name, attribute, property.GetValue)]);
    }

    /// <summary>What to answer the HTTP request with.</summary>
    internal object? HttpAnswer(object? result) => http is null || result is null ? result : http(result);

    private static Type? ResultType(Type type)
    {
        if (type == typeof(void) || type == typeof(Task) || type == typeof(ValueTask))
        {
            return null;
        }

        return type.IsGenericType && type.GetGenericTypeDefinition() is var open && (open == typeof(Task<>) || open == typeof(ValueTask<>))
            ? type.GetGenericArguments()[0]
            : type;
    }
}

/// <summary>A queue that a function's result, or a property of it, is sent to.</summary>
internal sealed record QueueOutput(string Name, QueueOutputAttribute Attribute, Func<object, object?> Read);
