using LeadFunctions.Forms.Stored;
using LeadFunctions.Platform.Definitions;
using LeadFunctions.Platform.Storage;
using Microsoft.Extensions.Hosting;

namespace LeadFunctions.Forms.Api;

/// <summary>On a developer's machine a fresh workspace has the newsletter's form, which the demo shop shows. Never in a deployed app.</summary>
public sealed class FormSeed(DefinitionsTable table, StorageLayout layout) : BackgroundService
{
    private const string Id = "newsletter";

    private static readonly string Sample = Path.Combine(AppContext.BaseDirectory, "samples", "forms", $"{Id}.json");

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await layout.Ready.WaitAsync(stoppingToken);
            if (File.Exists(Sample) && (await table.ListAsync(FormStore.Kind, stoppingToken)).Count == 0)
            {
                await table.SaveDraftAsync(FormStore.Kind, Id, DefinitionText.Compact(await File.ReadAllBytesAsync(Sample, stoppingToken)), DefinitionsTable.Nothing, stoppingToken);
                await table.PublishAsync(FormStore.Kind, Id, version: null, isExclusive: false, stoppingToken);
            }
        }
        catch (DefinitionChangedException)
        {
            // Somebody has made one of this name meanwhile.
        }
        catch (Exception exception) when (StorageOutage.Is(exception) || stoppingToken.IsCancellationRequested)
        {
            // At the next start.
        }
    }
}
