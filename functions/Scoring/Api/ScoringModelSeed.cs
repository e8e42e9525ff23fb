using LeadFunctions.Platform.Definitions;
using LeadFunctions.Platform.Storage;
using LeadFunctions.Scoring.Stored;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace LeadFunctions.Scoring.Api;

/// <summary>On a developer's machine a fresh workspace starts with the demo shop's model, so that what the shop says of points is so. Never in a deployed app, where the <see cref="BuiltInModel"/> holds.</summary>
public sealed class ScoringModelSeed(DefinitionsTable table, StorageLayout layout, ILogger<ScoringModelSeed> logger) : BackgroundService, IHostedLifecycleService
{
    private const string Id = "shop";

    private static readonly string Sample = Path.Combine(AppContext.BaseDirectory, "samples", "scoring-models", $"{Id}.json");

    private bool _isDone;

    /// <summary>With storage up, the model is there before the host hears of the worker, and so before the first event; without, as soon as storage is back.</summary>
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        if (layout.Ready.IsCompletedSuccessfully)
        {
            await SeedAsync(cancellationToken);
            _isDone = true;
        }
    }

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!_isDone)
        {
            await layout.Ready.WaitAsync(stoppingToken);
            await SeedAsync(stoppingToken);
        }
    }

    private async Task SeedAsync(CancellationToken cancellationToken)
    {
        if (!File.Exists(Sample) || (await table.ListAsync(ScoringModelStore.Kind, cancellationToken)).Count > 0)
        {
            return;
        }

        var text = await File.ReadAllBytesAsync(Sample, cancellationToken);
        var (document, errors) = ScoringModelDocument.Parse(text);
        if (document is null)
        {
            throw new InvalidDataException($"The sample scoring model is not valid: {errors[0].Path} {errors[0].Message}");
        }

        await table.SaveDraftAsync(ScoringModelStore.Kind, Id, DefinitionText.Compact(text), expectedETag: null, cancellationToken);
        await table.PublishAsync(ScoringModelStore.Kind, Id, version: null, isExclusive: true, cancellationToken);
        logger.SampleModelPublished(Id);
    }
}
