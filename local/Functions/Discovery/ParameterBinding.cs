using System.ComponentModel;
using System.Globalization;
using System.Linq.Expressions;
using System.Reflection;
using LeadFunctions.Local.Functions.Queues;
using LeadFunctions.Local.Functions.Timers;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace LeadFunctions.Local.Functions.Discovery;

/// <summary>Where each parameter of a function gets its value from.</summary>
internal static class ParameterBinding
{
    internal static Expression Of(LocalFunction function, ParameterInfo parameter, ParameterExpression context)
    {
        var type = parameter.ParameterType;
        if (type == typeof(FunctionContext))
        {
            return context;
        }

        if (type == typeof(CancellationToken))
        {
            return Expression.Property(context, nameof(LocalFunctionContext.CancellationToken));
        }

        if (type == typeof(HttpRequest) && function.Trigger is HttpTriggerAttribute)
        {
            return Expression.Property(Expression.Property(context, nameof(LocalFunctionContext.HttpContext)), nameof(HttpContext.Request));
        }

        var bind = parameter == function.TriggerParameter || parameter.IsDefined(typeof(BindingAttribute)) ? Bind(parameter) : ByName(parameter);
        return bind is not null
            ? Expression.Convert(Expression.Invoke(Expression.Constant(bind), context), type)
            : throw new InvalidOperationException($"Function {function.Name}: parameter {parameter.Name} cannot be bound to {type}.");
    }

    private static Func<LocalFunctionContext, object?>? Bind(ParameterInfo parameter) => parameter.GetCustomAttribute<BindingAttribute>() switch
    {
        QueueTriggerAttribute => QueueParameter.Bind(parameter.ParameterType),
        TimerTriggerAttribute => TimerParameter.Bind(parameter.ParameterType),
        { } attribute => FunctionCatalog.ExtensionOf(attribute.GetType().Assembly)?.Bind(parameter),
        null => null,
    };

    private static Func<LocalFunctionContext, object?> ByName(ParameterInfo parameter)
    {
        var name = parameter.Name!;
        var target = parameter.ParameterType;
        var value = Nullable.GetUnderlyingType(target) ?? target;
        var absent = parameter.HasDefaultValue ? parameter.DefaultValue : null;
        var mayBeAbsent = parameter.HasDefaultValue || !target.IsValueType || value != target;
        var converter = TypeDescriptor.GetConverter(value);

        return context => context.FindData(name) switch
        {
            null => mayBeAbsent ? absent : throw new FunctionInputConverterException($"Parameter {name} has no value."),
            var found when value.IsInstanceOfType(found) => found,
            var found => Convert(found),
        };

        object? Convert(object found)
        {
            try
            {
                return value switch
                {
                    _ when value == typeof(string) => System.Convert.ToString(found, CultureInfo.InvariantCulture),
                    _ when found is string text => converter.ConvertFromInvariantString(text),
                    _ when value == typeof(DateTimeOffset) && found is DateTime time => new DateTimeOffset(time),
                    _ when value == typeof(DateTime) && found is DateTimeOffset time => time.UtcDateTime,
                    _ => System.Convert.ChangeType(found, value, CultureInfo.InvariantCulture),
                };
            }
            catch (Exception exception) when (exception is ArgumentException or FormatException or InvalidCastException or NotSupportedException or OverflowException)
            {
                throw new FunctionInputConverterException($"Parameter {name}: '{found}' is not a {value.Name}.", exception);
            }
        }
    }
}
