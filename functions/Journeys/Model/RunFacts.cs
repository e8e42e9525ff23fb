using System.Text.Json;
using LeadFunctions.Conditions;
using LeadFunctions.Conditions.Values;
using NodaTime;

namespace LeadFunctions.Journeys.Model;

/// <summary>What a plan may know beside its run: the lead as it is now, and what the lead did since the run began.</summary>
/// <param name="Lead">Traits, counters, and under <c>$engagement</c>, <c>$stage</c> … what the product knows.</param>
/// <param name="Heard">For each waitFor step, when an event that it waits for came last (arrival).</param>
/// <param name="GoalAt">When the goal was reached; null: not.</param>
/// <param name="ExitAt">When the exit condition was fulfilled; null: not.</param>
/// <param name="Ended">Why the run must end by other people's will (cancelled, archived, merged); null: it need not.</param>
/// <param name="IsPaused">The journey is held.</param>
/// <param name="Returned">Steps whose message came back after its carrier had taken it; null: none.</param>
internal sealed record RunFacts(
    ILeadFacts Lead,
    DateTimeZone Zone,
    IReadOnlyDictionary<string, DateTimeOffset> Heard,
    DateTimeOffset? GoalAt = null,
    DateTimeOffset? ExitAt = null,
    string? Ended = null,
    bool IsPaused = false,
    IReadOnlySet<string>? Returned = null);

/// <summary>The lead as a run sees it: with what let it in (<c>trigger.…</c>) and what webhooks answered (<c>saved.…</c>).</summary>
/// <param name="zone">Where the lead lives; left out, in UTC.</param>
internal sealed class RunView(RunState run, ILeadFacts lead, DateTimeZone? zone = null, DateTimeOffset now = default) : LeadFactsOver(lead)
{
    private const string Steps = "steps.";
    private const string Outcome = ".outcome";

    /// <summary>Where and when the run's texts are filled in.</summary>
    public FilledAt At => new(zone ?? DateTimeZone.Utc, now, Lead.Trait("locale").Text ?? Lead.Trait("language").Text);

    public override Value Trait(string path) =>
        path.StartsWith("trigger.", StringComparison.Ordinal) || path.StartsWith("saved.", StringComparison.Ordinal) || path.StartsWith(Steps, StringComparison.Ordinal)
            ? Find(path) is { ValueKind: not JsonValueKind.Undefined } found ? Value.From(found) : Value.Missing
            : base.Trait(path);

    /// <summary>The value of a placeholder: <c>trigger.…</c>, <c>saved.…</c>, <c>lead.…</c>, <c>steps.….outcome</c> or <c>run.id</c>, <c>run.journey</c>; undefined when there is none.</summary>
    public JsonElement Find(string path)
    {
        var dot = path.IndexOf('.', StringComparison.Ordinal);
        var (root, rest) = dot < 0 ? (path, "") : (path[..dot], path[(dot + 1)..]);
        switch (root)
        {
            case "trigger":
                return rest.Length == 0 ? run.Trigger : Inside(run.Trigger, rest);
            case "saved":
                var name = rest.Split('.')[0];
                return !run.Saved.TryGetValue(name, out var saved) ? default : rest.Length == name.Length ? saved : Inside(saved, rest[(name.Length + 1)..]);
            case "steps":
                return rest.EndsWith(Outcome, StringComparison.Ordinal) && run.Outcomes?.GetValueOrDefault(rest[..^Outcome.Length]) is { } outcome ? JsonSerializer.SerializeToElement(outcome) : default;
            case "lead":
                return Lead.Trait(rest) is { Exists: true } value ? JsonSerializer.SerializeToElement(value, ValueOptions) : default;
            case "run":
                return rest switch
                {
                    "id" => JsonSerializer.SerializeToElement(run.Id),
                    "journey" => JsonSerializer.SerializeToElement(run.Journey),
                    _ => default,
                };
            default:
                return default;
        }
    }

    public static JsonElement Inside(JsonElement json, string path)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            return default;
        }

        if (json.TryGetProperty(path, out var whole))
        {
            return whole;
        }

        var dot = path.IndexOf('.', StringComparison.Ordinal);
        return dot > 0 && json.TryGetProperty(path[..dot], out var inner) ? Inside(inner, path[(dot + 1)..]) : default;
    }

    private static readonly JsonSerializerOptions ValueOptions = new() { Converters = { new ValueJson() } };
}
