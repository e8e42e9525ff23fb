using Azure.Core.Serialization;

namespace Microsoft.Azure.Functions.Worker;

public class WorkerOptions
{
    /// <summary>Reads messages that are bound to a type, and writes outputs; System.Text.Json without regard to case when null.</summary>
    public ObjectSerializer? Serializer { get; set; }
}

public class FunctionWorkerException(string? message, Exception? innerException) : Exception(message, innerException)
{
    public FunctionWorkerException(string? message)
        : this(message, null)
    {
    }
}

/// <summary>A parameter could not be given a value.</summary>
public class FunctionInputConverterException(string? message, Exception? innerException) : FunctionWorkerException(message, innerException)
{
    public FunctionInputConverterException(string? message)
        : this(message, null)
    {
    }
}
