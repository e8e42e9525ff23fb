using System.Reflection;
using Azure;
using LeadFunctions.Local.Functions.Discovery;
using LeadFunctions.Local.Functions.Time;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace LeadFunctions.Local.DurableTask;

/// <summary>The hub as the host and its clock see it.</summary>
internal sealed class DurableListener : ITriggerListener, IActivity
{
    private static readonly TimeSpan FirstAttempt = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly DurableHub _hub;
    private readonly CancellationTokenSource _stopping = new();
    private Task _joining = Task.CompletedTask;
    private volatile bool _hasJoined;
    private readonly bool _isUsed;

    public DurableListener(DurableHub hub, VirtualClock clock, FunctionCatalog catalog)
    {
        _hub = hub;
        _isUsed = catalog.Functions
            .SelectMany(function => function.Method.GetParameters())
            .SelectMany(parameter => parameter.GetCustomAttributes<BindingAttribute>())
            .Any(attribute => attribute.GetType().Assembly == GetType().Assembly);
        clock.Register(this);
    }

    /// <summary>Grows all the while that it joins, so that this does not pass for work that waits for the clock itself.</summary>
    public long Version => _isUsed && !_hasJoined ? Environment.TickCount64 : _hub.Work.Version;

    /// <summary>Joining counts: the clock must not move past timers that are not known yet.</summary>
    public string? FindRunning() => _isUsed && !_hasJoined ? "durable tasks (joining the hub)"
        : _hub.Work.IsBusy ? $"durable tasks ({_hub.Work.Running} under way)"
        : null;

    /// <summary>
    /// Joins the hub, unless every function that would use it is switched off. Storage that is down when the app starts must not keep it down:
    /// then it joins once storage answers.
    /// </summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (!_isUsed)
        {
            return;
        }

        _joining = JoinAsync(_stopping.Token);
        await Task.WhenAny(_joining, Task.Delay(FirstAttempt, TimeProvider.System, cancellationToken));
        if (_joining.IsFaulted)
        {
            await _joining;
        }
    }

    public async Task StopAsync(TimeSpan grace)
    {
        if (!_isUsed)
        {
            return;
        }

        await _stopping.CancelAsync();
        try
        {
            await _joining;
        }
        catch (OperationCanceledException)
        {
        }

        await _hub.StopAsync(grace);
    }

    private async Task JoinAsync(CancellationToken stopping)
    {
        while (true)
        {
            try
            {
                await _hub.StartAsync(stopping);
                _hasJoined = true;
                return;
            }
            catch (Exception outage) when (Outage.IsBehind(outage) && outage is not RequestFailedException { Status: > 0 and < 500 } && !stopping.IsCancellationRequested)
            {
                Log.BeatFailed(_hub.Logger, outage);
                await Task.Delay(Pause, TimeProvider.System, stopping);
            }
        }
    }
}
