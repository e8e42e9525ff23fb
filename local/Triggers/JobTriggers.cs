using Google.Protobuf;
using Newtonsoft.Json;

namespace DevHost.Triggers;

/// <summary>Functions that queues and orchestrations start: the real listeners call here, and the worker does the work.</summary>
internal sealed class JobTriggers(AppFolder app, WorkerKeeper worker, DurableClients clients, ILogger log)
{
    private static readonly JsonSerializerSettings AsItStands = new() { DateParseHandling = DateParseHandling.None };

    private readonly Dictionary<string, Function> functions = app.Functions.ToDictionary(function => function.Name, StringComparer.Ordinal);

    internal async Task<object?> RunAsync(string name, object? trigger, Binder binder, CancellationToken cancellationToken)
    {
        var function = functions[name];
        var request = WorkerSession.NewRequest(function, DataOf(trigger), Activity.Current?.Id, Activity.Current?.TraceStateString);
        // What a queue message tells of itself; a trigger's own value is there already, and what the SDK keeps for itself stays out.
        foreach (var (key, value) in binder.BindingData.Where(pair => pair.Value is string or int or long or DateTimeOffset or Guid))
        {
            request.TriggerMetadata[key] = value is string text ? new TypedData { String = text } : new TypedData { Json = JsonConvert.SerializeObject(value) };
        }

        await clients.AddAsync(function, request, cancellationToken);
        var response = await (await worker.ReadyAsync(cancellationToken)).InvokeAsync(request, cancellationToken);
        if (response.Result.Status == StatusResult.Types.Status.Success)
        {
            return ValueOf(response.ReturnValue);
        }

        var failure = response.Result.Exception;
        Log.FunctionFailed(log, name, Log.Reason(failure));
        // The Durable extension knows that exception, and reads this text.
        throw failure?.Type == nameof(WorkerProcessExitException)
            ? new WorkerProcessExitException()
            : (Exception)new InvalidOperationException($"Result: {response.Result.Result}\nException: {failure?.Message}\nStack: {failure?.StackTrace}");
    }

    private static TypedData DataOf(object? trigger) => trigger switch
    {
        null => new TypedData(), // an activity that is called without input
        ParameterBindingData data => new TypedData { ModelBindingData = new ModelBindingData { Version = data.Version, Source = data.Source, ContentType = data.ContentType, Content = ByteString.CopyFrom(data.Content.ToMemory().Span) } },
        byte[] bytes => new TypedData { Bytes = ByteString.CopyFrom(bytes) },
        _ => new TypedData { String = (string)trigger },
    };

    private static object? ValueOf(TypedData? value) => value?.DataCase switch
    {
        TypedData.DataOneofCase.String => value.String,
        TypedData.DataOneofCase.Json => JsonConvert.DeserializeObject(value.Json, AsItStands), // The Durable extension takes these values as they are; a text it would put in quotes.
        TypedData.DataOneofCase.Bytes => value.Bytes.ToByteArray(),
        _ => null,
    };
}
