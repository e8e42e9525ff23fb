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

    internal static Type Emit(AppFolder app, RunFunction run)
    {
        var name = new AssemblyName(Path.GetFileNameWithoutExtension(app.WorkerPath ?? app.Executable)); // From it the SDK derives what hosts of one app share.
        var module = AssemblyBuilder.DefineDynamicAssembly(name, AssemblyBuilderAccess.Run).DefineDynamicModule("Functions");
        var type = module.DefineType("Functions", TypeAttributes.Public | TypeAttributes.Abstract | TypeAttributes.Sealed);
        var target = type.DefineField(Target, typeof(RunFunction), FieldAttributes.Public | FieldAttributes.Static);
        foreach (var function in app.Functions.Where(function => !function.IsHttp))
        {
            Emit(type, target, function);
        }

        var built = type.CreateType();
        built.GetField(Target)!.SetValue(null, run); // defined above
        return built;
    }

    private static void Emit(TypeBuilder type, FieldInfo target, Function function)
    {
        var (attribute, isDurable) = (AttributeOf(function.Trigger), function.Trigger["type"] != "queueTrigger");
        var method = type.DefineMethod(
            function.Name, MethodAttributes.Public | MethodAttributes.Static, isDurable ? typeof(Task<object>) : typeof(Task), [TypeOf(function.Trigger), typeof(Binder), typeof(CancellationToken)]);
        method.SetCustomAttribute(new(typeof(FunctionNameAttribute).GetConstructor([typeof(string)])!, [function.Name])); // it has that constructor
        method.DefineParameter(1, ParameterAttributes.None, function.Trigger["name"]).SetCustomAttribute(attribute);
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

    /// <summary>With the name that a trigger of Durable may have instead of its function's.</summary>
    private static CustomAttributeBuilder AttributeOf(IConfigurationSection trigger) => trigger["type"] switch
    {
        "queueTrigger" => New<QueueTriggerAttribute>(nameof(QueueTriggerAttribute.Connection), trigger["connection"], trigger["queueName"]),
        "orchestrationTrigger" => New<OrchestrationTriggerAttribute>(nameof(OrchestrationTriggerAttribute.Orchestration), trigger["orchestration"]),
        "activityTrigger" => New<ActivityTriggerAttribute>(nameof(ActivityTriggerAttribute.Activity), trigger["activity"]),
        _ => New<EntityTriggerAttribute>(nameof(EntityTriggerAttribute.EntityName), trigger["entityName"]), // the app's folder was read with no other
    };

    private static Type TypeOf(IConfigurationSection trigger) =>
        trigger.GetValue<bool>("properties:supportsDeferredBinding") ? typeof(ParameterBindingData)
        : trigger["dataType"] == "Binary" ? typeof(byte[])
        : typeof(string);

    private static CustomAttributeBuilder New<T>(string property, string? value, params string?[] arguments) =>
        new(typeof(T).GetConstructor([.. arguments.Select(_ => typeof(string))])!, arguments, [typeof(T).GetProperty(property)!], [value]); // each of these attributes has both
}
