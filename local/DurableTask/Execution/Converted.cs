using Microsoft.DurableTask;

namespace LeadFunctions.Local.DurableTask;

/// <summary>Completes a task with a stored text. A text that does not fit the type is that task's failure, not the engine's.</summary>
internal static class Converted
{
    public static void Complete<T>(TaskCompletionSource<T> task, string? data, DataConverter converter)
    {
        T? value;
        try
        {
            value = converter.Deserialize<T>(data);
        }
        catch (Exception exception) when (exception is System.Text.Json.JsonException or NotSupportedException or FormatException or InvalidOperationException)
        {
            task.TrySetException(exception);
            return;
        }

        // Upstream hands out the type's default for an absent value, whatever the annotation says.
        task.TrySetResult(value!);
    }
}
