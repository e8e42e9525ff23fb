using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Threading.Channels;
using Grpc.Core;

namespace DevHost.Worker;

/// <summary>The conversation with one worker process: the only stream between it and the host.</summary>
internal sealed class WorkerSession(AppFolder app, Action<RpcLog> log)
{
    private static readonly WriteOptions Buffered = new(WriteFlags.BufferHint);

    private readonly Channel<StreamingMessage> outbound = Channel.CreateUnbounded<StreamingMessage>(new UnboundedChannelOptions { SingleReader = true });
    private readonly ConcurrentDictionary<string, TaskCompletionSource<InvocationResponse>> invocations = new();
    private readonly TaskCompletionSource ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int unloaded = app.Functions.Count;
    private int isGreeted;
    private volatile bool hasEnded;

    /// <summary>What only the process knows that the host started for this session.</summary>
    internal string Id { get; } = $"{Guid.NewGuid()}";

    /// <summary>Completes when every function is loaded and the worker serves HTTP; fails when one cannot be loaded.</summary>
    internal Task Ready => ready.Task;

    /// <summary>Where the worker serves HTTP.</summary>
    internal string HttpAddress { get; private set; } = "";

    /// <summary>What has a function run for a trigger's value, as part of a trace.</summary>
    internal static InvocationRequest NewRequest(Function function, TypedData trigger, string? traceParent, string? traceState) => new()
    {
        InvocationId = $"{Guid.NewGuid()}",
        FunctionId = function.Name,
        InputData = { new ParameterBinding { Name = function.Trigger.Name, Data = trigger } },
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
    /// <exception cref="WorkerProcessExitException">It ended meanwhile.</exception>
    internal async Task<InvocationResponse> InvokeAsync(InvocationRequest request, CancellationToken cancellationToken)
    {
        var answer = new TaskCompletionSource<InvocationResponse>(TaskCreationOptions.RunContinuationsAsynchronously);
        invocations[request.InvocationId] = answer;
        Send(new StreamingMessage { InvocationRequest = request });
        if (hasEnded)
        {
            answer.TrySetException(new WorkerProcessExitException());
        }

        await using var cancelling = cancellationToken.Register(() => Send(new StreamingMessage { InvocationCancel = new InvocationCancel { InvocationId = request.InvocationId } }));
        try
        {
            return await answer.Task;
        }
        finally
        {
            invocations.TryRemove(request.InvocationId, out _);
        }
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
            invocation.TrySetException(new WorkerProcessExitException());
        }
    }

    private bool Send(StreamingMessage message) => outbound.Writer.TryWrite(message);

    private async Task WriteAsync(IServerStreamWriter<StreamingMessage> responses, CancellationToken cancellationToken)
    {
        while (await outbound.Reader.WaitToReadAsync(cancellationToken))
        {
            while (outbound.Reader.TryRead(out var message))
            {
                responses.WriteOptions = outbound.Reader.TryPeek(out _) ? Buffered : null; // As many at once as there are: one flush for all of them.
                await responses.WriteAsync(message, cancellationToken);
            }
        }
    }

    private void Take(StreamingMessage message)
    {
        switch (message.ContentCase)
        {
            case StreamingMessage.ContentOneofCase.InvocationResponse:
                if (invocations.TryGetValue(message.InvocationResponse.InvocationId, out var invocation))
                {
                    invocation.TrySetResult(message.InvocationResponse);
                }

                break;
            case StreamingMessage.ContentOneofCase.RpcLog:
                log(message.RpcLog);
                break;
            case StreamingMessage.ContentOneofCase.WorkerInitResponse:
                Load(message.WorkerInitResponse);
                break;
            case StreamingMessage.ContentOneofCase.FunctionLoadResponse when message.FunctionLoadResponse.Result.Status != StatusResult.Types.Status.Success:
                ready.TrySetException(new StartException($"The worker cannot load {message.FunctionLoadResponse.FunctionId}: {message.FunctionLoadResponse.Result.Exception?.Message}"));
                break;
            case StreamingMessage.ContentOneofCase.FunctionLoadResponse when Interlocked.Decrement(ref unloaded) == 0:
                _ = AwaitHttpAsync();
                break;
        }
    }

    private void Load(WorkerInitResponse response)
    {
        if (!response.Capabilities.TryGetValue("HttpUri", out var address) && app.Functions.Any(function => function.IsHttp))
        {
            ready.TrySetException(new StartException("The worker serves no HTTP of its own: the app needs ConfigureFunctionsWebApplication()."));
        }

        HttpAddress = address ?? "";
        foreach (var function in app.Functions)
        {
            var metadata = new RpcFunctionMetadata { Name = function.Name, FunctionId = function.Name, Directory = app.Path, ScriptFile = function.ScriptFile, EntryPoint = function.EntryPoint, Language = "dotnet-isolated" };
            foreach (var binding in function.Bindings)
            {
                var isOut = string.Equals(binding.Find("direction"), "Out", StringComparison.OrdinalIgnoreCase);
                metadata.Bindings.Add(binding.Name, new BindingInfo { Type = binding.Type, Direction = isOut ? BindingInfo.Types.Direction.Out : BindingInfo.Types.Direction.In });
                metadata.RawBindings.Add(binding.Document.GetRawText());
            }

            Send(new StreamingMessage { FunctionLoadRequest = new FunctionLoadRequest { FunctionId = function.Name, Metadata = metadata } });
        }
    }

    /// <summary>A worker tells its address a moment before it listens there.</summary>
    private async Task AwaitHttpAsync()
    {
        while (HttpAddress.Length > 0 && !hasEnded)
        {
            var address = new Uri(HttpAddress);
            using var socket = new TcpClient();
            await socket.ConnectAsync(address.Host, address.Port).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (socket.Connected)
            {
                break;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }

        ready.TrySetResult();
    }
}

/// <summary>The worker ended while it had an invocation in hand.</summary>
/// <remarks>The Durable extension knows by this type's name that the orchestration or activity did not fail, and runs it again.</remarks>
internal sealed class WorkerProcessExitException() : Exception("The worker ended before it had answered.");
