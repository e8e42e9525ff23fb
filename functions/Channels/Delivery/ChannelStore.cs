using System.Collections.Frozen;
using System.Text;
using LeadFunctions.Platform.Definitions;
using Microsoft.Extensions.Logging;

namespace LeadFunctions.Channels.Delivery;

/// <summary>The channels, in memory. One that is saved holds on this instance for the next function, on the others within 5 s.</summary>
public sealed class ChannelStore : IFreshness
{
    public const string Kind = "channel";

    private readonly LiveDefinitions<FrozenDictionary<string, ChannelDocument>> _channels;

    public ChannelStore(DefinitionsTable table, TimeProvider time, ILogger<ChannelStore> logger) =>
        _channels = new(Kind, table, withHistory: false, set => set.Live.Values.ToFrozenDictionary(version => version.Id, Read), time, logger);

    internal ChannelDocument? Find(string id) => _channels.Current.GetValueOrDefault(id);

    public ValueTask FreshAsync(CancellationToken cancellationToken) => _channels.FreshAsync(cancellationToken);

    internal static ChannelDocument Read(DefinitionVersion version)
    {
        var (document, errors) = ChannelDocument.Parse(Encoding.UTF8.GetBytes(version.Json));
        return document ?? throw new InvalidDataException($"The stored channel {version.Id}@{version.Version} cannot be read: {errors[0].Path} {errors[0].Message}");
    }

    /// <summary>Where its secret stands, beside those of webhooks, none of which can be called so.</summary>
    internal static string TargetOf(string id) => $"channel:{id}";
}
