using LeadFunctions.Access;
using LeadFunctions.Platform.Definitions;
using LeadFunctions.Platform.Http;
using LeadFunctions.Segments.Fill;
using LeadFunctions.Segments.Stored;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace LeadFunctions.Segments.Api;

/// <summary>The fifths of all buyers: what they are, and computing them anew.</summary>
public sealed class RfmApiFunctions(DefinitionsTable table, Fills fills, TimeProvider time)
{
    [Function(nameof(GetRfm)), RequiresScope(Scope.Read)]
    public async Task<IResult> GetRfm(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/rfm")] HttpRequest request, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken)
    {
        var version = await table.FindLiveAsync(RfmDefinition.Kind, RfmDefinition.Id, cancellationToken);
        return WebJson.Ok(ShownRfm.Of(version, await Fills.FindCountAsync(client, cancellationToken), await Fills.FindAsync(client, Fills.Rfm, cancellationToken)));
    }

    [Function(nameof(StartRfm)), RequiresScope(Scope.Marketer)]
    public async Task<IResult> StartRfm(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/rfm")] HttpRequest request, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken)
    {
        await fills.StartCountAsync(client, time.GetUtcNow(), cancellationToken);
        var version = await table.FindLiveAsync(RfmDefinition.Kind, RfmDefinition.Id, cancellationToken);
        return WebJson.Ok(ShownRfm.Of(version, await Fills.FindCountAsync(client, cancellationToken), null));
    }
}

/// <summary>Where the fifths of all buyers end. A boundary still belongs to the lower score; of recency, to the higher one.</summary>
/// <param name="Version">Absent with the rest before they were computed.</param>
/// <param name="RecencyDays">Days since the last order, at most: of score 5, 4, 3 and 2.</param>
/// <param name="Frequency">Orders, at most: of score 1, 2, 3 and 4.</param>
/// <param name="Monetary">What they came to, likewise.</param>
/// <param name="Count">How far the last computation is; absent when there was none.</param>
/// <param name="Fill">How far all leads have been looked at since.</param>
internal sealed record ShownRfm(
    int? Version, DateTimeOffset? ComputedAt, int? Buyers, IReadOnlyList<double>? RecencyDays, IReadOnlyList<double>? Frequency, IReadOnlyList<double>? Monetary, RfmProgress? Count, FillProgress? Fill)
{
    private const double DayMs = 86_400_000;

    public static ShownRfm Of(DefinitionVersion? version, RfmProgress? count, FillProgress? fill)
    {
        if (version is null)
        {
            return new(null, null, null, null, null, null, count, fill);
        }

        var (computedAt, buyers, boundaries) = RfmDefinition.Read(version);
        return new(
            version.Version, computedAt, buyers, [.. boundaries.Recency.Select(age => Math.Round((age + 1) / DayMs, 2))], boundaries.Frequency,
            [.. boundaries.Monetary.Select(amount => Math.Round(amount, 2))], count, fill);
    }
}
