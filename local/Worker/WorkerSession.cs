using System.Collections.Concurrent;
using System.Threading.Channels;
using DevHost.Rpc;
using Grpc.Core;

namespace DevHost.Worker;

/// <summary>The conversation with one worker process: the only stream between it and the host.</summary>
internal sealed class WorkerSession(AppFolder app, Action<RpcLog> log)
{
    private readonly Channel<StreamingMessage> outbound = Channel.CreateUnbounded<StreamingMessage>(new UnboundedChannelOptions { SingleReader = true });
    private readonly ConcurrentDictionary<string, TaskCompletionSource<InvocationResponse>> invocations = new();
    private readonly TaskCompletionSource ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int unloaded = app.Functions.Count;
    private volatile bool hasEnded;

    /// <summary>Completes when every function is loaded; fails when one cannot be, or the worker ends.</summary>
    internal Task Ready => ready.Task;

    /// <summary>Where the worker serves HTTP.</summary>
    internal string HttpAddress { get; private set; } = "";

    /// <summary>Answers the worker's first message.</summary>
    internal void Greet() => outbound.Writer.TryWrite(new StreamingMessage
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
        outbound.Writer.TryWrite(new StreamingMessage { InvocationRequest = request });
        if (hasEnded)
        {
            answer.TrySetException(new WorkerProcessExitException());
        }

        await using var cancelling = cancellationToken.Register(() => outbound.Writer.TryWrite(new StreamingMessage { InvocationCancel = new InvocationCancel { InvocationId = request.InvocationId } }));
        try
        {
            return await answer.Task;
        }
        finally
        {
            invocations.TryRemove(request.InvocationId, out _);
        }
    }

    /// <summary>Asks the worker to end.</summary>
    internal void Terminate() => outbound.Writer.TryWrite(new StreamingMessage { WorkerTerminate = new WorkerTerminate() });

    /// <summary>The worker is gone: whatever waits for it fails.</summary>
    internal void End()
    {
        hasEnded = true;
        outbound.Writer.TryComplete();
        ready.TrySetException(new WorkerProcessExitException());
        _ = ready.Task.Exception; // nobody may be waiting
        foreach (var invocation in invocations.Values)
        {
            invocation.TrySetException(new WorkerProcessExitException());
        }
    }

    private async Task WriteAsync(IServerStreamWriter<StreamingMessage> responses, CancellationToken cancellationToken)
    {
        // As many at once as there are: one flush for all of them.
        while (await outbound.Reader.WaitToReadAsync(cancellationToken))
        {
            while (outbound.Reader.TryRead(out var message))
            {
                responses.WriteOptions = outbound.Reader.TryPeek(out _) ? Buffered : null;
                await responses.WriteAsync(message, cancellationToken);
            }
        }
    }

    private static readonly WriteOptions Buffered = new(WriteFlags.BufferHint);

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
            case StreamingMessage.ContentOneofCase.FunctionLoadResponse:
                if (message.FunctionLoadResponse.Result.Status != StatusResult.Types.Status.Success)
                {
                    ready.TrySetException(new StartException($"The worker cannot load {message.FunctionLoadResponse.FunctionId}: {message.FunctionLoadResponse.Result.Exception?.Message}"));
                }
                else if (Interlocked.Decrement(ref unloaded) == 0)
                {
                    ready.TrySetResult();
                }

                break;
        }
    }

    private void Load(WorkerInitResponse response)
    {
        HttpAddress = response.Capabilities.TryGetValue("HttpUri", out var address) ? address
            : throw new StartException("The worker serves no HTTP of its own: the app needs ConfigureFunctionsWebApplication().");
        foreach (var function in app.Functions)
        {
            var metadata = new RpcFunctionMetadata
            {
                Name = function.Name,
                FunctionId = function.Id,
                Directory = app.Path,
                ScriptFile = function.ScriptFile,
                EntryPoint = function.EntryPoint,
                Language = "dotnet-isolated",
            };
            foreach (var binding in function.Bindings)
            {
                metadata.Bindings.Add(binding.Name, new BindingInfo { Type = binding.Type, Direction = binding.IsIn ? BindingInfo.Types.Direction.In : BindingInfo.Types.Direction.Out });
                metadata.RawBindings.Add(binding.Document.GetRawText());
            }

            outbound.Writer.TryWrite(new StreamingMessage { FunctionLoadRequest = new FunctionLoadRequest { FunctionId = function.Id, Metadata = metadata } });
        }
    }
}
