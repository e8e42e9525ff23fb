using System.Text;
using LeadFunctions.Feedback.Preferences;
using LeadFunctions.Platform.Definitions;
using Microsoft.Extensions.Logging;

namespace LeadFunctions.Feedback.Stored;

/// <summary>The setting of topics, in memory.</summary>
public sealed class TopicsStore(DefinitionsTable table, TimeProvider time, ILogger<TopicsStore> logger) : IFreshness
{
    public const string Kind = "topics";
    public const string Id = "topics";

    private readonly LiveDefinitions<Box> _topics = new(Kind, table, withHistory: false, Compile, time, logger);

    private sealed record Box(Topics Topics);

    internal Topics Current => _topics.Current.Topics;

    public ValueTask FreshAsync(CancellationToken cancellationToken) => _topics.FreshAsync(cancellationToken);

    private static Box Compile(DefinitionSet set) => new(set.Live.TryGetValue(Id, out var stored) ? Topics.Parse(Encoding.UTF8.GetBytes(stored.Json)).Topics ?? Topics.None : Topics.None);
}
