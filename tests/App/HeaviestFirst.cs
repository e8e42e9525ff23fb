using Xunit.Abstractions;

[assembly: TestCollectionOrderer("LeadFunctions.Tests.HeaviestFirst", "LeadFunctions.Tests")]

namespace LeadFunctions.Tests;

/// <summary>
/// Begins with what takes longest, so that all threads end at about the same time: what is heavy comes one at a time, takes as long as all others together, and would otherwise begin anywhere.
/// </summary>
public sealed class HeaviestFirst : ITestCollectionOrderer
{
    private static readonly string[] Heaviest =
        [nameof(HeavyJourneys), nameof(HeavyEvents), nameof(Tracker.BrowserTests), nameof(Journeys.OneJourneyApp), nameof(Ingest.SdkTests), nameof(Platform.OutageTests), nameof(Shipped.PublishedAppTests)];

    public IEnumerable<ITestCollection> OrderTestCollections(IEnumerable<ITestCollection> testCollections) => testCollections.OrderBy(PlaceOf);

    private static int PlaceOf(ITestCollection collection) =>
        Array.FindIndex(Heaviest, name => collection.DisplayName.EndsWith(name, StringComparison.Ordinal)) is var place and >= 0 ? place : Heaviest.Length;
}
