namespace Microsoft.Azure.Functions.Worker;

/// <summary>Makes a public method of a public class a function.</summary>
[AttributeUsage(AttributeTargets.Method)]
public class FunctionAttribute(string name) : Attribute
{
    public string Name { get; } = name;
}
