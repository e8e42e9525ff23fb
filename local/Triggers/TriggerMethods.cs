using System.Reflection;
using System.Reflection.Emit;
using Microsoft.Azure.WebJobs.Extensions.DurableTask;
using Binder = Microsoft.Azure.WebJobs.Binder;

namespace DevHost.Triggers;

/// <summary>Runs a function of the app, with the trigger's value.</summary>
public delegate Task<object?> RunFunction(string function, object? trigger, Binder binder, CancellationToken cancellationToken);

/// <summary>
/// The type that the WebJobs SDK indexes: for each function that is not HTTP a static method whose parameter carries the trigger's attribute, and that does nothing but call the host.
/// The SDK finds triggers only on methods, so they are emitted, as Azure's host does it.
/// </summary>
internal static class TriggerMethods
{
    private const string Target = "Run";

    /// <exception cref="StartException">A trigger lacks what it needs.</exception>
    internal static Type Emit(IEnumerable<Function> functions, RunFunction run)
    {
        var module = AssemblyBuilder.DefineDynamicAssembly(new AssemblyName("Functions"), AssemblyBuilderAccess.Run).DefineDynamicModule("Functions");
        var type = module.DefineType("Functions", TypeAttributes.Public | TypeAttributes.Abstract | TypeAttributes.Sealed);
        var target = type.DefineField(Target, typeof(RunFunction), FieldAttributes.Public | FieldAttributes.Static);
        foreach (var function in functions)
        {
            Emit(type, target, function);
        }

        var built = type.CreateType();
        built.GetField(Target)!.SetValue(null, run); // defined above
        return built;
    }

    private static void Emit(TypeBuilder type, FieldInfo target, Function function)
    {
        var (attribute, isDurable) = (AttributeOf(function), function.Trigger.Type != "queueTrigger");
        var method = type.DefineMethod(
            function.Name, MethodAttributes.Public | MethodAttributes.Static, isDurable ? typeof(Task<object>) : typeof(Task), [TypeOf(function.Trigger), typeof(Binder), typeof(CancellationToken)]);
        method.SetCustomAttribute(New<FunctionNameAttribute>(function.Name));
        method.DefineParameter(1, ParameterAttributes.None, function.Trigger.Name).SetCustomAttribute(attribute);
        method.DefineParameter(2, ParameterAttributes.None, "_binder");
        method.DefineParameter(3, ParameterAttributes.None, "_cancellationToken");
        if (isDurable)
        {
            // What the worker answered goes back through the trigger, which takes it from the return value only with this.
            method.DefineParameter(0, ParameterAttributes.Retval, null).SetCustomAttribute(attribute);
        }

        var code = method.GetILGenerator();
        code.Emit(OpCodes.Ldsfld, target);
        code.Emit(OpCodes.Ldstr, function.Name);
        code.Emit(OpCodes.Ldarg_0);
        code.Emit(OpCodes.Ldarg_1);
        code.Emit(OpCodes.Ldarg_2);
        code.Emit(OpCodes.Callvirt, target.FieldType.GetMethod("Invoke")!); // every delegate has it
        code.Emit(OpCodes.Ret);
    }

    private static CustomAttributeBuilder AttributeOf(Function function) => function.Trigger.Type switch
    {
        "queueTrigger" => Queue(function),
        "orchestrationTrigger" => New<OrchestrationTriggerAttribute>(),
        "activityTrigger" => New<ActivityTriggerAttribute>(),
        "entityTrigger" => New<EntityTriggerAttribute>(),
        var other => throw new StartException($"The function {function.Name} has a trigger of type {other}, which this host does not know."),
    };

    private static CustomAttributeBuilder Queue(Function function)
    {
        var queue = function.Trigger.Find("queueName") ?? throw new StartException($"The queue trigger of {function.Name} names no queue.");
        return function.Trigger.Find("connection") is { } connection
            ? new(Constructor<QueueTriggerAttribute>(1), [queue], [typeof(QueueTriggerAttribute).GetProperty(nameof(QueueTriggerAttribute.Connection))!], [connection]) // it has that property
            : New<QueueTriggerAttribute>(queue);
    }

    private static Type TypeOf(Binding trigger) =>
        trigger.Document.TryGetProperty("properties", out var properties) && properties.TryGetProperty("supportsDeferredBinding", out var deferred) && bool.TryParse(deferred.ToString(), out var yes) && yes ? typeof(ParameterBindingData)
        : trigger.Find("dataType") == "Binary" ? typeof(byte[])
        : typeof(string);

    private static CustomAttributeBuilder New<T>(params string[] arguments) => new(Constructor<T>(arguments.Length), arguments);

    private static ConstructorInfo Constructor<T>(int strings) => typeof(T).GetConstructor([.. Enumerable.Repeat(typeof(string), strings)])!; // each of these attributes has it
}
