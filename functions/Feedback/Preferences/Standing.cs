using System.Globalization;
using LeadFunctions.Conditions;
using LeadFunctions.Conditions.Values;
using LeadFunctions.Events;
using LeadFunctions.Messaging;

namespace LeadFunctions.Feedback.Preferences;

/// <summary>How often somebody wants to be written to.</summary>
internal enum Frequency
{
    Always,
    Weekly,
    Monthly,
}

/// <summary>What somebody has chosen, or has been asked about, as the page shows it.</summary>
/// <param name="IsOff">They want nothing of what they are asked about, on any channel or on this one.</param>
/// <param name="PausedUntil">Null for no break.</param>
internal sealed record Standing(IReadOnlyList<(Topic Topic, bool IsOn)> Topics, bool IsOff, Frequency Frequency, DateTimeOffset? PausedUntil)
{
    // Answers about these are about something else than what we send.
    private static readonly IReadOnlyList<string> NoTopics =
        [ConsentEvents.Tracking, ConsentAnswer.Everything, "email", "sms", "push", "webpush", "phone", "call", "post", "mail", "whatsapp", "inapp", "webhook", "chat", "analytics", "targeting", "functional", "necessary",
        "ad_storage", "ad_user_data", "ad_personalization", "analytics_storage", "functionality_storage", "personalization_storage", "security_storage"];

    private const int MostTopics = 50;

    /// <param name="topic">What the message was about, whose link led here.</param>
    /// <param name="topics">The setting.</param>
    public static Standing Of(ILeadFacts lead, string channel, string? topic, Topics topics, DateTimeOffset now)
    {
        ConsentAnswer[] answers = [.. lead.Answers];
        var all = Offered(answers, topic, topics).Select(one => (Topic: one, IsOn: IsOn(one.Id, channel, one.Id == topic, lead, answers))).ToList();
        var isOff = IsNo(ConsentAnswer.Everything, answers) || IsNo(channel, answers) || (all.Count > 0 && all.TrueForAll(one => !one.IsOn));
        var frequency = Enum.TryParse<Frequency>(lead.Trait(Arbiter.Frequency).Text, ignoreCase: true, out var found) && Enum.IsDefined(found) ? found : Frequency.Always;
        return new(all, isOff, frequency, Dates.TryRead(Scalar.Of(lead.Trait(Arbiter.PausedUntil), stackalloc char[Scalar.NumberLength]), out var until) && until > now ? until : null);
    }

    /// <summary>Whether the last answer about a place is something else than a yes, and lets nothing through that was agreed to since.</summary>
    public static bool IsNo(string place, IEnumerable<ConsentAnswer> answers) =>
        answers.Where(answer => answer.About(place) is Said.Yes or Said.No or Said.Unclear && !answer.IsAddress(place)).OrderByDescending(answer => answer.At).ThenByDescending(answer => answer.About(place)).FirstOrDefault() is { Path: not null } last
        && last.About(place) != Said.Yes && !last.IsUnlessAgreed;

    /// <summary>What was refused as a whole, and would outweigh what somebody chooses now.</summary>
    public static IReadOnlyList<string> RefusedAsAWhole(string channel, IReadOnlyList<ConsentAnswer> answers) => [.. new[] { ConsentAnswer.Everything, channel }.Where(place => IsNo(place, answers))];

    /// <summary>Those of the setting, what this message was about, and whatever else the lead was ever asked: what somebody agreed to they must be able to take back here.</summary>
    private static IEnumerable<Topic> Offered(ConsentAnswer[] answers, string? topic, Topics topics)
    {
        var others = answers.Select(answer => answer.Path.Split('.')[0].Trim()).Where(IsTopic);
        return topics.All.Concat((topic is null ? [] : new[] { topic }).Concat(others.Order(StringComparer.OrdinalIgnoreCase)).Distinct(StringComparer.OrdinalIgnoreCase)
            .Where(id => !topics.All.Any(known => known.Id.Equals(id, StringComparison.OrdinalIgnoreCase) || known.Id.StartsWith($"{id}.", StringComparison.OrdinalIgnoreCase))) // a no above is one to all below
            .Select(Unnamed)).Take(MostTopics);
    }

    private static bool IsTopic(string name) => name.Length is > 0 and < 60 && !NoTopics.Contains(name, StringComparer.OrdinalIgnoreCase) && !Consent.IsAnswer(name, out _) && !Consent.IsEverything(name);

    private static Topic Unnamed(string id)
    {
        var words = id.Replace('-', ' ').Replace('_', ' ').Replace(".", " – ", StringComparison.Ordinal);
        var name = string.Concat(char.ToUpper(words[0], CultureInfo.InvariantCulture).ToString(), words.AsSpan(1));
        return new(id, new SortedList<string, string> { ["en"] = name }, new SortedList<string, string>());
    }

    /// <summary>Who was never asked gets what is not forbidden: the message at hand shows that this is one of these.</summary>
    private static bool IsOn(string topic, string channel, bool isAtHand, ILeadFacts lead, ConsentAnswer[] answers) =>
        TopicConsent.Refuse(topic, channel, lead) is null && (isAtHand || answers.Any(answer => answer.About(topic) == Said.Yes || answer.About($"{topic}.{channel}") == Said.Yes));
}
