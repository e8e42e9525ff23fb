using System.Collections.Concurrent;
using LeadFunctions.Platform.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace LeadFunctions.Forms.Stored;

/// <summary>
/// How often each form was shown and sent, and what became of it. Counted in memory and added to the form's row after five seconds, so that a form that many see costs one write in that time and an idle app none. What was
/// counted in the seconds before an instance is killed is lost: it is for people to look at, and nothing is decided by it.
/// </summary>
public sealed class FormCounts(FormsTable table, ILogger<FormCounts> logger) : BackgroundService
{
    internal const string Shown = "shown";
    internal const string Submitted = "submitted";
    internal const string Confirmed = "confirmed";
    internal const string Invalid = "invalid";
    internal const string SpamPrefix = "spam_";

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<(string Form, string Name), long> _counted = new();
    private readonly SemaphoreSlim _some = new(0);

    internal void Add(string form, string name)
    {
        _counted.AddOrUpdate((form, name), 1, (_, count) => count + 1);
        _some.Release();
    }

    internal void Add(string form, SpamReason reason) => Add(form, SpamPrefix + reason.ToString().ToLowerInvariant());

    /// <summary>Writes what this instance has counted.</summary>
    internal async Task FlushAsync(CancellationToken cancellationToken)
    {
        var taken = _counted.Keys.Select(key => (key, count: _counted.TryRemove(key, out var count) ? count : 0)).Where(one => one.count > 0).ToLookup(one => one.key.Form);
        foreach (var form in taken)
        {
            try
            {
                await table.AddCountsAsync(form.Key, form.ToDictionary(one => one.key.Name, one => one.count), cancellationToken);
            }
            catch (Exception exception) when (StorageOutage.Is(exception))
            {
                logger.CountsKept(form.Key, StorageOutage.Describe(exception));
                foreach (var ((_, name), count) in form)
                {
                    _counted.AddOrUpdate((form.Key, name), count, (_, more) => more + count);
                }
            }
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await FlushAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                await _some.WaitAsync(stoppingToken);
                await Task.Delay(Pause, TimeProvider.System, stoppingToken);
                while (_some.Wait(0, stoppingToken))
                {
                }

                await FlushAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }
}
