using System.Text.Json;
using LeadFunctions.Events;

namespace LeadFunctions.Tests.Segments;

/// <summary>How somebody stands to a topic, by the answers that <see cref="SegmentLaws"/> draws and the rules of <c>docs/concepts.md</c>, without the product's code.</summary>
internal sealed class PlainConsent(IReadOnlyList<LeadEvent> told)
{
    private static readonly string[] Channels = ["email", "sms"];

    /// <summary>By place, dotted; what names no topic stands under "".</summary>
    private readonly Dictionary<string, (DateTimeOffset At, bool Yes)> _last = told.Where(e => e.Name == "Consent Changed").OrderBy(e => e.At)
        .SelectMany(e => Flat("", e.Properties).Select(answer => (answer.Place, e.At, answer.Yes)))
        .GroupBy(answer => answer.Place).ToDictionary(place => place.Key, place => (place.Last().At, place.Last().Yes));

    public bool Holds(JsonElement asked)
    {
        var topic = asked.ValueKind == JsonValueKind.String ? asked.GetString()! : asked.GetProperty("topic").GetString()!;
        var channel = asked.ValueKind == JsonValueKind.Object && asked.TryGetProperty("channel", out var named) ? named.GetString()! : "email";
        var standing = IsRefused(topic, channel) ? "refused" : IsAgreed(topic, channel) ? "agreed" : "unknown";
        return asked.ValueKind == JsonValueKind.String || !asked.TryGetProperty("is", out var wanted) ? standing == "agreed"
            : wanted.ValueKind == JsonValueKind.Array ? wanted.EnumerateArray().Any(one => one.GetString() == standing) : wanted.GetString() == standing;
    }

    private bool IsRefused(string topic, string channel)
    {
        var above = Above(topic).ToList();
        var agreedAt = above.Where(_last.ContainsKey).Select(place => _last[place]).Where(one => one.Yes).Select(one => one.At).DefaultIfEmpty().Max();
        var below = _last.Where(one => one.Key.StartsWith(topic + ".", StringComparison.Ordinal) && !Channels.Contains(one.Key[(topic.Length + 1)..]) && one.Value.At > agreedAt).Select(one => one.Value).OrderBy(one => one.At).ToList();
        return Says("*", yes: false)
            || above.Exists(place => Says(place, yes: false) || Says($"{place}.{channel}", yes: false) || Says($"{channel}.{place}", yes: false))
            || below is [.., { Yes: false }]
            || Says(channel, yes: false)
            || (Says("", yes: false) && _last[""].At >= agreedAt);
    }

    private bool IsAgreed(string topic, string channel) => Above(topic).Any(place => Says(place, yes: true) || Says($"{place}.{channel}", yes: true)) || Says("*", yes: true) || Says(channel, yes: true) || Says("", yes: true);

    private bool Says(string place, bool yes) => _last.TryGetValue(place, out var last) && last.Yes == yes;

    private static IEnumerable<string> Above(string topic)
    {
        for (var place = topic; place.Length > 0; place = place.Contains('.', StringComparison.Ordinal) ? place[..place.LastIndexOf('.')] : "")
        {
            yield return place;
        }
    }

    private static IEnumerable<(string Place, bool Yes)> Flat(string above, JsonElement answers) => answers.EnumerateObject().SelectMany(one =>
    {
        var place = one.Name == "granted" ? above : above.Length == 0 ? one.Name : $"{above}.{one.Name}";
        return one.Value.ValueKind == JsonValueKind.Object ? Flat(place, one.Value) : [(place, one.Value.ValueKind == JsonValueKind.True)];
    });
}
