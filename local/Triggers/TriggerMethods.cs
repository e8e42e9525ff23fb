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

    internal static Type Emit(AppFolder app, IEnumerable<Function> functions, RunFunction run)
    {
        var name = new AssemblyName(Path.GetFileNameWithoutExtension(app.WorkerPath ?? app.Executable)); // From it the SDK derives what hosts of one app share.
        var module = AssemblyBuilder.DefineDynamicAssembly(name, AssemblyBuilderAccess.Run).DefineDynamicModule("Functions");
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
        var (attribute, isDurable) = (AttributeOf(function), function.TriggerType != "queueTrigger");
        var method = type.DefineMethod(
            function.Name, MethodAttributes.Public | MethodAttributes.Static, isDurable ? typeof(Task<object>) : typeof(Task), [TypeOf(function.Trigger), typeof(Binder), typeof(CancellationToken)]);
        method.SetCustomAttribute(New<FunctionNameAttribute>(function.Name));
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

    private static CustomAttributeBuilder AttributeOf(Function function) => function.TriggerType switch
    {
        "queueTrigger" => new(
            Constructor<QueueTriggerAttribute>(1), [function.Trigger["queueName"]], [typeof(QueueTriggerAttribute).GetProperty(nameof(QueueTriggerAttribute.Connection))!], [function.Trigger["connection"]]), // it has that property
        "orchestrationTrigger" => New<OrchestrationTriggerAttribute>(),
        "activityTrigger" => New<ActivityTriggerAttribute>(),
        _ => New<EntityTriggerAttribute>(), // the app's folder was read with no other
    };

    private static Type TypeOf(IConfigurationSection trigger) =>
        trigger.GetValue<bool>("properties:supportsDeferredBinding") ? typeof(ParameterBindingData)
        : trigger["dataType"] == "Binary" ? typeof(byte[])
        : typeof(string);

    private static CustomAttributeBuilder New<T>(params string[] arguments) => new(Constructor<T>(arguments.Length), arguments);

    private static ConstructorInfo Constructor<T>(int strings) => typeof(T).GetConstructor([.. Enumerable.Repeat(typeof(string), strings)])!; // each of these attributes has it
}
