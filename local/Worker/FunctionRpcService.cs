using Grpc.Core;

namespace DevHost.Worker;

/// <summary>Where workers report: to the session of the one that this host has started, and to nothing else.</summary>
internal sealed class FunctionRpcService(WorkerKeeper worker) : FunctionRpc.FunctionRpcBase
{
    public override async Task EventStream(IAsyncStreamReader<StreamingMessage> requestStream, IServerStreamWriter<StreamingMessage> responseStream, ServerCallContext context)
    {
        if (!await requestStream.MoveNext(context.CancellationToken) || requestStream.Current.ContentCase != StreamingMessage.ContentOneofCase.StartStream)
        {
            throw new Grpc.Core.RpcException(new Status(StatusCode.InvalidArgument, "A worker begins with StartStream."));
        }

        var session = worker.Greet(requestStream.Current.StartStream.WorkerId)
            ?? throw new Grpc.Core.RpcException(new Status(StatusCode.PermissionDenied, "This host did not start that worker."));
        await session.RunAsync(requestStream, responseStream, context.CancellationToken);
    }
}
