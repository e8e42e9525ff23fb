using System.Reflection;
using System.Reflection.Emit;
using Microsoft.Azure.WebJobs;
using Microsoft.Azure.WebJobs.Extensions.DurableTask;
using Binder = Microsoft.Azure.WebJobs.Binder;

namespace DevHost.Triggers;

/// <summary>Runs a function of the app, with the trigger's value.</summary>
public delegate Task<object?> RunFunction(string function, object trigger, Binder binder, CancellationToken cancellationToken);

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

        var bind = DefineMethod(type, target, InputBindings.Function, typeof(Task), typeof(string), "key");
        bind.SetCustomAttribute(Plain(typeof(NoAutomaticTriggerAttribute)));
        var built = type.CreateType();
        built.GetField(Target)!.SetValue(null, run); // defined above
        return built;
    }

    private static void Emit(TypeBuilder type, FieldInfo target, Function function)
    {
        var (attribute, isDurable) = AttributeOf(function);
        var parameter = IsDeferred(function.Trigger) ? typeof(ParameterBindingData) : typeof(string);
        var method = DefineMethod(type, target, function.Name, isDurable ? typeof(Task<object>) : typeof(Task), parameter, function.Trigger.Name, attribute);
        if (isDurable)
        {
            // What the worker answered goes back through the trigger, which takes it from the return value only with this.
            method.DefineParameter(0, ParameterAttributes.Retval, null).SetCustomAttribute(attribute);
        }
    }

    private static MethodBuilder DefineMethod(TypeBuilder type, FieldInfo target, string name, Type returned, Type parameter, string parameterName, CustomAttributeBuilder? attribute = null)
    {
        var method = type.DefineMethod(name, MethodAttributes.Public | MethodAttributes.Static, returned, [parameter, typeof(Binder), typeof(CancellationToken)]);
        method.SetCustomAttribute(new CustomAttributeBuilder(typeof(FunctionNameAttribute).GetConstructor([typeof(string)])!, [name])); // its only constructor
        var first = method.DefineParameter(1, ParameterAttributes.None, parameterName);
        if (attribute is not null)
        {
            first.SetCustomAttribute(attribute);
        }

        method.DefineParameter(2, ParameterAttributes.None, "_binder");
        method.DefineParameter(3, ParameterAttributes.None, "_cancellationToken");
        var code = method.GetILGenerator();
        code.Emit(OpCodes.Ldsfld, target);
        code.Emit(OpCodes.Ldstr, name);
        code.Emit(OpCodes.Ldarg_0);
        code.Emit(OpCodes.Ldarg_1);
        code.Emit(OpCodes.Ldarg_2);
        code.Emit(OpCodes.Callvirt, target.FieldType.GetMethod("Invoke")!); // every delegate has it
        code.Emit(OpCodes.Ret);
        return method;
    }

    private static (CustomAttributeBuilder Attribute, bool IsDurable) AttributeOf(Function function) => function.Trigger.Type switch
    {
        "queueTrigger" => (Queue(function), false),
        "orchestrationTrigger" => (Plain(typeof(OrchestrationTriggerAttribute)), true),
        "activityTrigger" => (Plain(typeof(ActivityTriggerAttribute)), true),
        "entityTrigger" => (Plain(typeof(EntityTriggerAttribute)), true),
        var other => throw new StartException($"The function {function.Name} has a trigger of type {other}, which this host does not know."),
    };

    private static CustomAttributeBuilder Plain(Type attribute) => new(attribute.GetConstructor(Type.EmptyTypes)!, []); // all three have one

    private static CustomAttributeBuilder Queue(Function function)
    {
        var attribute = typeof(QueueTriggerAttribute);
        var constructor = attribute.GetConstructor([typeof(string)])!; // its only constructor
        var queue = function.Trigger.Find("queueName") ?? throw new StartException($"The queue trigger of {function.Name} names no queue.");
        return function.Trigger.Find("connection") is { } connection
            ? new(constructor, [queue], [attribute.GetProperty(nameof(QueueTriggerAttribute.Connection))!], [connection])
            : new(constructor, [queue]);
    }

    private static bool IsDeferred(Binding binding) =>
        binding.Document.TryGetProperty("properties", out var properties) && properties.TryGetProperty("supportsDeferredBinding", out var deferred) && bool.TryParse(deferred.ToString(), out var yes) && yes;
}
