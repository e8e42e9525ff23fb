using System.Collections.Concurrent;
using System.Linq.Expressions;
using System.Reflection;
using Microsoft.Extensions.DependencyInjection;

namespace LeadFunctions.Local.Functions.Discovery;

/// <summary>A function's method, compiled once: makes the instance, binds the parameters, calls, and gives what it returned.</summary>
internal sealed class FunctionBody
{
    private static readonly ConcurrentDictionary<MethodInfo, FunctionBody> Compiled = new();

    private readonly Func<LocalFunctionContext, ValueTask<object?>> call;

    private FunctionBody(LocalFunction function) => call = Compile(function);

    internal static FunctionBody Of(LocalFunction function) => Compiled.GetOrAdd(function.Method, (_, f) => new FunctionBody(f), function);

    internal ValueTask<object?> InvokeAsync(LocalFunctionContext context) => call(context);

    private static Func<LocalFunctionContext, ValueTask<object?>> Compile(LocalFunction function)
    {
        var context = Expression.Parameter(typeof(LocalFunctionContext), "context");
        var method = function.Method;
        var instance = method.IsStatic ? null : NewInstance(method.DeclaringType!, context);
        var call = Expression.Call(instance, method, method.GetParameters().Select(p => ParameterBinding.Of(function, p, context)));
        return Expression.Lambda<Func<LocalFunctionContext, ValueTask<object?>>>(AsValueTask(call, method.ReturnType), context).Compile();
    }

    private static UnaryExpression NewInstance(Type type, ParameterExpression context)
    {
        var create = ActivatorUtilities.CreateFactory(type, Type.EmptyTypes);
        var services = Expression.Property(context, nameof(LocalFunctionContext.InstanceServices));
        return Expression.Convert(Expression.Invoke(Expression.Constant(create), services, Expression.Constant(null, typeof(object[]))), type);
    }

    private static Expression AsValueTask(Expression call, Type type)
    {
        if (type == typeof(void))
        {
            return Expression.Block(call, Expression.Default(typeof(ValueTask<object?>)));
        }

        var (name, result) = type switch
        {
            _ when type == typeof(Task) => (nameof(FromTask), null),
            _ when type == typeof(ValueTask) => (nameof(FromValueTask), null),
            { IsGenericType: true } when type.GetGenericTypeDefinition() == typeof(Task<>) => (nameof(FromTaskOf), type.GetGenericArguments()[0]),
            { IsGenericType: true } when type.GetGenericTypeDefinition() == typeof(ValueTask<>) => (nameof(FromValueTaskOf), type.GetGenericArguments()[0]),
            _ => (nameof(FromValue), type),
        };
        var convert = typeof(FunctionBody).GetMethod(name, BindingFlags.NonPublic | BindingFlags.Static)!;
        return Expression.Call(result is null ? convert : convert.MakeGenericMethod(result), call);
    }

    private static async ValueTask<object?> FromTask(Task task)
    {
        await task;
        return null;
    }

    private static async ValueTask<object?> FromValueTask(ValueTask task)
    {
        await task;
        return null;
    }

    private static async ValueTask<object?> FromTaskOf<T>(Task<T> task) => await task;

    private static async ValueTask<object?> FromValueTaskOf<T>(ValueTask<T> task) => await task;

    private static ValueTask<object?> FromValue<T>(T value) => ValueTask.FromResult<object?>(value);
}
