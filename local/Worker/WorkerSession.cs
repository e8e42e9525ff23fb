using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Threading.Channels;
using Grpc.Core;

namespace DevHost.Worker;

/// <summary>The conversation with one worker process: the only stream between it and the host.</summary>
internal sealed class WorkerSession(AppFolder app, ILoggerFactory loggers)
{
    /// <summary>Answers for a worker that ended with the invocation in hand.</summary>
    private static readonly InvocationResponse Ended = new() { Result = new StatusResult { Exception = new Rpc.RpcException { Type = nameof(WorkerProcessExitException), Message = "The worker ended before it had answered." } } };

    private static readonly WriteOptions Buffered = new(WriteFlags.BufferHint);

    private readonly Channel<StreamingMessage> outbound = Channel.CreateUnbounded<StreamingMessage>(new UnboundedChannelOptions { SingleReader = true });
    private readonly ConcurrentDictionary<string, TaskCompletionSource<InvocationResponse>> invocations = new();
    private readonly TaskCompletionSource ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int unloaded;
    private int isGreeted;
    private volatile bool hasEnded;

    /// <summary>What only the process knows that the host started for this session.</summary>
    internal string Id { get; } = $"{Guid.NewGuid()}";

    /// <summary>Completes when every function is loaded and the worker serves HTTP, if it does; fails when one cannot be loaded.</summary>
    internal Task Ready => ready.Task;

    /// <summary>Where the worker serves HTTP; empty when it does not.</summary>
    internal string HttpAddress { get; private set; } = "";

    /// <summary>What has a function run for a trigger's value, as part of a trace.</summary>
    internal static InvocationRequest NewRequest(Function function, TypedData trigger, string? traceParent, string? traceState) => new()
    {
        InvocationId = $"{Guid.NewGuid()}",
        FunctionId = function.Name,
        InputData = { new ParameterBinding { Name = function.Trigger["name"], Data = trigger } },
        TraceContext = new RpcTraceContext { TraceParent = traceParent ?? "", TraceState = traceState ?? "" },
    };

    /// <summary>Answers the worker's first message, once.</summary>
    internal bool TryGreet() => Interlocked.Exchange(ref isGreeted, 1) == 0 && Send(new StreamingMessage
    {
        WorkerInitRequest = new WorkerInitRequest { HostVersion = "4.1000.0", WorkerDirectory = app.Path, FunctionAppDirectory = app.Path },
    });

    /// <summary>Speaks with the worker until one of the two sides ends.</summary>
    internal async Task RunAsync(IAsyncStreamReader<StreamingMessage> requests, IServerStreamWriter<StreamingMessage> responses, CancellationToken cancellationToken)
    {
        var writing = WriteAsync(responses, cancellationToken);
        await foreach (var message in requests.ReadAllAsync(cancellationToken))
        {
            Take(message);
        }

        outbound.Writer.TryComplete();
        await writing;
    }

    /// <summary>Has the worker run a function.</summary>
    internal async Task<InvocationResponse> InvokeAsync(InvocationRequest request, CancellationToken cancellationToken)
    {
        var answer = new TaskCompletionSource<InvocationResponse>(TaskCreationOptions.RunContinuationsAsynchronously);
        invocations[request.InvocationId] = answer;
        if (!Send(new StreamingMessage { InvocationRequest = request }))
        {
            answer.TrySetResult(Ended);
        }

        await using var cancelling = cancellationToken.Register(() => Send(new StreamingMessage { InvocationCancel = new InvocationCancel { InvocationId = request.InvocationId } }));
        return await answer.Task;
    }

    /// <summary>Lets what is under way finish, for a while, and asks the worker to end.</summary>
    internal async Task StopAsync(CancellationToken patience)
    {
        await ((Task)Task.WhenAll(invocations.Values.Select(invocation => invocation.Task))).WaitAsync(patience).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Send(new StreamingMessage { WorkerTerminate = new WorkerTerminate() });
    }

    /// <summary>The worker is gone: whatever waits for it fails.</summary>
    internal void End()
    {
        hasEnded = true;
        outbound.Writer.TryComplete();
        foreach (var invocation in invocations.Values)
        {
            invocation.TrySetResult(Ended);
        }
    }

    private bool Send(StreamingMessage message) => outbound.Writer.TryWrite(message);

    private async Task WriteAsync(IServerStreamWriter<StreamingMessage> responses, CancellationToken cancellationToken)
    {
        await foreach (var message in outbound.Reader.ReadAllAsync(cancellationToken))
        {
            responses.WriteOptions = outbound.Reader.TryPeek(out _) ? Buffered : null; // As many at once as there are: one flush for all of them.
            await responses.WriteAsync(message, cancellationToken);
        }
    }

    private void Take(StreamingMessage message)
    {
        switch (message.ContentCase)
        {
            case StreamingMessage.ContentOneofCase.InvocationResponse:
                (invocations.TryRemove(message.InvocationResponse.InvocationId, out var invocation) ? invocation : null)?.TrySetResult(message.InvocationResponse);
                break;
            case StreamingMessage.ContentOneofCase.RpcLog when message.RpcLog is { LogCategory: RpcLog.Types.RpcLogCategory.User, Level: < RpcLog.Types.Level.None } line:
                Log.Worker(loggers.CreateLogger(line.Category), (LogLevel)line.Level, $"{line.Message}\n{Log.Reason(line.Exception)}".TrimEnd());
                break;
            case StreamingMessage.ContentOneofCase.WorkerInitResponse:
                HttpAddress = message.WorkerInitResponse.Capabilities.GetValueOrDefault("HttpUri", "");
                if (HttpAddress.Length == 0 && app.Functions.FirstOrDefault(function => function.IsHttp) is { } function)
                {
                    ready.TrySetException(new StartException($"{function.Name} has an HTTP trigger, but the app serves no HTTP: it needs ConfigureFunctionsWebApplication()."));
                }

                Send(new StreamingMessage { FunctionsMetadataRequest = new FunctionsMetadataRequest { FunctionAppDirectory = app.Path } });
                break;
            case StreamingMessage.ContentOneofCase.FunctionMetadataResponse:
                unloaded = message.FunctionMetadataResponse.FunctionMetadataResults.Count;
                foreach (var metadata in message.FunctionMetadataResponse.FunctionMetadataResults)
                {
                    (metadata.FunctionId, metadata.Directory) = (metadata.Name, app.Path);
                    Send(new StreamingMessage { FunctionLoadRequest = new FunctionLoadRequest { FunctionId = metadata.Name, Metadata = metadata } });
                }

                break;
            case StreamingMessage.ContentOneofCase.FunctionLoadResponse when message.FunctionLoadResponse.Result.Status != StatusResult.Types.Status.Success:
                ready.TrySetException(new StartException($"The worker cannot load {message.FunctionLoadResponse.FunctionId}: {message.FunctionLoadResponse.Result.Exception?.Message.Split('\n')[0]}"));
                break;
            case StreamingMessage.ContentOneofCase.FunctionLoadResponse when --unloaded == 0:
                _ = AwaitHttpAsync();
                break;
        }
    }

    /// <summary>A worker tells its address a moment before it listens there.</summary>
    private async Task AwaitHttpAsync()
    {
        while (HttpAddress.Length > 0 && !hasEnded && !await ListensAsync(new Uri(HttpAddress)))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }

        ready.TrySetResult();
    }

    private static async Task<bool> ListensAsync(Uri address)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(address.Host, address.Port).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return socket.Connected;
    }
}

/// <summary>The worker ended while it had an invocation in hand.</summary>
/// <remarks>The Durable extension knows by this type's name that an orchestrator did not fail, and runs it again. An activity has failed then, as in Azure: its retry policy runs it again.</remarks>
internal sealed class WorkerProcessExitException : Exception;
