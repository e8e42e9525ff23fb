using Azure.Core;
using Azure.Core.Pipeline;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;

namespace LeadFunctions.Platform.Storage;

/// <summary>
/// How long storage is given for an answer. Somebody who waits for one is better told soon that there is none; what goes on in the background would only ask again, while storage that is slow still works on
/// what it was asked before. So everything that no request has started waits longer, and comes through where a storage that is merely slow would have failed it again and again.
/// </summary>
internal sealed class StoragePatience : HttpPipelineSynchronousPolicy, IFunctionsWorkerMiddleware
{
    /// <summary>What a queue's message or a walk waits for one answer.</summary>
    public static readonly TimeSpan InBackground = TimeSpan.FromSeconds(40);

    private static readonly AsyncLocal<bool> Background = new();

    /// <summary>No request waits for what goes on here.</summary>
    public static bool IsBackground => Background.Value;

    public Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        Begin(context.IsForCaller());
        return next(context);
    }

    /// <summary>Holds for all that is called from here on.</summary>
    internal static void Begin(bool isForCaller) => Background.Value = !isForCaller;

    public override void OnSendingRequest(HttpMessage message)
    {
        if (Background.Value)
        {
            message.NetworkTimeout = InBackground;
        }
    }
}
