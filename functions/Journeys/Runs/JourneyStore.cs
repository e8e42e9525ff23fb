using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text;
using LeadFunctions.Facts;
using LeadFunctions.Journeys.Delivery;
using LeadFunctions.Journeys.Documents;
using LeadFunctions.Journeys.Model;
using LeadFunctions.Journeys.Rules;
using LeadFunctions.Platform.Definitions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using NodaTime;

namespace LeadFunctions.Journeys.Runs;

/// <summary>What was done to a journey as a whole.</summary>
public sealed record JourneyStateDocument(string State);

/// <summary>
/// The journeys, in memory and compiled: the live versions, and every version that was ever live, since people may be inside. A publication, a pause and a
/// resumption hold on this instance for the next function, on the others within 5 s.
/// </summary>
public sealed class JourneyStore : IFreshness
{
    public const string Kind = "journey";

    /// <summary>Documents of this kind bear the journey's id and say whether it is paused or archived; none means neither.</summary>
    public const string StateKind = "journey-state";

    /// <summary>With other settings.</summary>
    public const string SettingKind = "setting";
    public const string HoldoutId = "holdout";

    private readonly LiveDefinitions<IReadOnlyList<(Journey Journey, bool IsLive)>> _journeys;
    private readonly LiveDefinitions<IReadOnlyDictionary<string, JourneyState>> _states;
    private readonly LiveDefinitions<StrongBox<Holdout?>> _holdout;
    private readonly ConcurrentDictionary<(string Id, int Version), Journey> _compiled = new();
    private readonly DateTimeZone _zone;
    private Snapshot? _snapshot;

    public JourneyStore(DefinitionsTable table, IOptions<JourneysOptions> options, TimeProvider time, ILogger<JourneyStore> logger)
    {
        _zone = TimeZones.Find(options.Value.TimeZone)
            ?? throw new InvalidOperationException($"The setting LeadFunctions__Journeys__TimeZone is \"{options.Value.TimeZone}\"; there is no such time zone. Use an IANA name: Europe/Berlin.");
        _journeys = new(Kind, table, withHistory: true, Compile, time, logger);
        _states = new(StateKind, table, withHistory: false, States, time, logger);
        _holdout = new(SettingKind, table, withHistory: false, WorkspaceHoldout, time, logger);
    }

    /// <summary>One snapshot: take it once per unit of work.</summary>
    internal JourneyRules Current
    {
        get
        {
            var (journeys, states, holdout) = (_journeys.Current, _states.Current, _holdout.Current);
            var snapshot = _snapshot;
            if (snapshot is null || snapshot.Journeys != journeys || snapshot.States != states || snapshot.Holdout != holdout)
            {
                var rules = new JourneyRules(
                    [.. journeys.Where(journey => journey.IsLive).Select(journey => journey.Journey)], [.. journeys.Select(journey => journey.Journey)], states, _zone)
                { Holdout = holdout.Value };
                _snapshot = snapshot = new(journeys, states, holdout, rules);
            }

            return snapshot.Rules;
        }
    }

    public async ValueTask FreshAsync(CancellationToken cancellationToken)
    {
        await _journeys.FreshAsync(cancellationToken);
        await _states.FreshAsync(cancellationToken);
        await _holdout.FreshAsync(cancellationToken);
    }

    internal static JourneyState ParseState(string text) => Enum.TryParse<JourneyState>(text, ignoreCase: true, out var state) ? state : JourneyState.Live;

    private IReadOnlyList<(Journey Journey, bool IsLive)> Compile(DefinitionSet set) =>
        [.. set.Published.Select(version => (CompileOne(version), set.Live.TryGetValue(version.Id, out var live) && live.Version == version.Version))];

    private static IReadOnlyDictionary<string, JourneyState> States(DefinitionSet set) =>
        set.Live.ToDictionary(version => version.Key, version => ParseState(version.Value.Read<JourneyStateDocument>().State))
            .Where(pair => pair.Value is JourneyState.Paused or JourneyState.Archived)
            .ToDictionary();

    // It was checked when it was saved. Going on without it would write to people who are held out.
    private static StrongBox<Holdout?> WorkspaceHoldout(DefinitionSet set) =>
        !set.Live.TryGetValue(HoldoutId, out var live) ? new()
        : HoldoutReading.Parse(Encoding.UTF8.GetBytes(live.Json)) is { Errors.Count: 0, Holdout: var holdout } ? new(holdout)
        : throw new InvalidDataException($"The stored setting {HoldoutId}, version {live.Version}, cannot be read.");

    private Journey CompileOne(DefinitionVersion version) => _compiled.GetOrAdd((version.Id, version.Version), key => Read(version));

    internal static Journey Read(DefinitionVersion version)
    {
        var parsed = ParsedJourney.Of(Encoding.UTF8.GetBytes(version.Json));

        // It was checked when it was saved. Going on without it would leave people standing and say nothing.
        return parsed.Document is { } document
            ? new Journey(version.Id, version.Version, document)
            : throw new InvalidDataException($"The stored journey {version.Id}@{version.Version} cannot be read: {parsed.Errors[0].Path} {parsed.Errors[0].Message}");
    }

    private sealed record Snapshot(object Journeys, object States, object Holdout, JourneyRules Rules);
}
