namespace LeadFunctions.Conditions;

/// <summary>
/// What a lead's answers about consent come to for a topic: whether they stand in the way of a message, and what a condition may ask. Of what was answered about the same thing (flat, or nested as consent tools do) the last counts, of one instant the no.
/// </summary>
internal static class TopicConsent
{
    // A no to a topic on one of these is none to it on another.
    internal static readonly IReadOnlySet<string> Channels = new HashSet<string>(["email", "sms", "push", "webpush", "phone", "call", "post", "mail", "whatsapp", "inapp", "webhook", "chat"], StringComparer.OrdinalIgnoreCase);

    public const string Agreed = "agreed";
    public const string Refused = "refused";

    /// <summary>Neither: nobody asked, or not about this.</summary>
    public const string Unknown = "unknown";

    /// <summary>How a lead may stand to a topic.</summary>
    public static readonly IReadOnlyList<string> Standings = [Agreed, Refused, Unknown];

    private readonly record struct Last(Said Said, long At, string Path, bool IsUnlessAgreed = false)
    {
        /// <summary>The later counts; of one instant the no, and of two of these the one that lets nothing through.</summary>
        public bool YieldsTo(in Last other) => other.At > At || (other.At == At && (other.Said > Said || (IsUnlessAgreed && other.Said != Said.Yes)) && !(other.IsUnlessAgreed && Said != Said.Yes));
    }

    /// <summary>How a lead stands to messages about a topic on a channel: one of <see cref="Standings"/>.</summary>
    public static string Of(string topic, string channel, ILeadFacts lead) => Refuse(topic, channel, lead) is not null ? Refused : Agrees(topic, channel, lead) ? Agreed : Unknown;

    /// <summary>
    /// Null when nothing does: a topic that nobody was asked about may be sent. A no to a topic is one to all below it (<c>news.weekly</c>), and a no may also be given to the topic on this channel, or
    /// to the channel. A yes further down does not overrule it: one may be older than the other.
    /// </summary>
    public static string? Refuse(string topic, string channel, ILeadFacts lead)
    {
        ConsentAnswer[] answers = [.. lead.Answers];
        var (everything, onChannel) = (Find(answers, ConsentAnswer.Everything), Find(answers.Where(answer => !answer.IsAddress(channel)), channel));
        if (everything is { Said: Said.No or Said.Unclear, IsUnlessAgreed: false })
        {
            return "The lead does not want anything.";
        }

        var (agreedAt, chosenAt) = (long.MinValue, long.MinValue);
        for (var asked = topic; asked.Length > 0; asked = asked[..Math.Max(0, asked.LastIndexOf('.'))])
        {
            foreach (var place in (string[])[asked, $"{asked}.{channel}", $"{channel}.{asked}"])
            {
                var last = Find(answers, place);
                if (Refusal(last, place) is { } reason)
                {
                    return reason;
                }

                agreedAt = last.Said == Said.Yes && place == asked ? Math.Max(agreedAt, last.At) : agreedAt;
                chosenAt = last.Said == Said.Yes ? Math.Max(chosenAt, last.At) : chosenAt;
            }
        }

        if (RefusedBelow(answers, topic, agreedAt) is { } below)
        {
            return agreedAt == long.MinValue
                ? $"The lead's answer \"{below}\" is no yes, and nothing else was said about \"{topic}\"."
                : $"The lead's last answer about \"{topic}\", \"{below}\", is no yes.";
        }

        if (everything.IsUnlessAgreed && everything.At > chosenAt)
        {
            return "The lead wants nothing but the topics that they have chosen.";
        }

        if ((onChannel.IsUnlessAgreed ? onChannel.At > chosenAt ? Refusal(onChannel with { Said = Said.No }, channel) : null : Refusal(onChannel, channel)) is { } refused)
        {
            return refused;
        }

        // Such a field may mean something else: only a plain no is heard (not the "value": 0 of an analytics tag), and a later yes to the topic says more.
        var all = Find(answers.Where(answer => !answer.IsOfATag), "");
        return all.Said == Said.No && all.At >= agreedAt ? $"The lead's answer \"{all.Path}\", which names no topic, is a no to all." : null;
    }

    /// <summary>
    /// Whether somebody said yes: to the topic, to one above it, to it on this channel, to the channel, to <c>marketing</c> as such, to everything, or without naming a topic. Asked where <see cref="Refuse"/>
    /// finds nothing.
    /// </summary>
    public static bool Agrees(string topic, string channel, ILeadFacts lead)
    {
        ConsentAnswer[] answers = [.. lead.Answers];
        for (var asked = topic; asked.Length > 0; asked = asked[..Math.Max(0, asked.LastIndexOf('.'))])
        {
            if (IsYes(asked) || IsYes($"{asked}.{channel}") || IsYes($"{channel}.{asked}"))
            {
                return true;
            }
        }

        return IsYes(ConsentAnswer.Everything) || IsYes(Marketing) || IsYes($"{Marketing}.{channel}") || Find(answers.Where(answer => !answer.IsOfATag), "").Said == Said.Yes
            || Find(answers.Where(answer => !answer.IsAddress(channel)), channel).Said == Said.Yes;

        bool IsYes(string place) => Find(answers, place).Said == Said.Yes;
    }

    /// <summary>Whether the last answer to just this topic was a yes.</summary>
    public static bool SaysYes(string topic, ILeadFacts lead) => Find(lead.Answers, topic).Said == Said.Yes;

    private const string Marketing = "marketing";

    /// <summary>An answer under a name that nobody knows (<c>marketing.foo</c>) may be one about the topic: where none that came with it, and none after it, is a yes, the topic is refused.</summary>
    private static string? RefusedBelow(ConsentAnswer[] answers, string topic, long agreedAt)
    {
        var last = new Last(Said.Nothing, agreedAt, "");
        foreach (var answer in answers)
        {
            if (!answer.Path.StartsWith($"{topic}.", StringComparison.OrdinalIgnoreCase) || Channels.Contains(answer.Path[(topic.Length + 1)..].Split('.')[0].Trim()))
            {
                continue;
            }

            var isYes = answer.Said == Said.Yes;
            if (answer.At > last.At || (answer.At == last.At && isYes))
            {
                last = new Last(isYes ? Said.Yes : Said.No, answer.At, answer.Path);
            }
        }

        return last.Said == Said.No ? last.Path : null;
    }

    private static string? Refusal(Last last, string place) => last.Said switch
    {
        Said.No => $"The lead does not want \"{place}\".",
        Said.Unclear => $"The lead's answer about \"{last.Path}\" is neither a yes nor a no, and counts as no.",
        _ => null,
    };

    private static Last Find(IEnumerable<ConsentAnswer> answers, string place)
    {
        Last? silent = null;
        var last = new Last(Said.Nothing, long.MinValue, "");
        foreach (var answer in answers)
        {
            var said = answer.About(place);
            if (said == Said.Nothing)
            {
                silent = new Last(Said.Unclear, answer.At, answer.Path);
            }
            else if (said is { } heard && new Last(heard, answer.At, answer.Path, answer.IsUnlessAgreed) is var next && last.YieldsTo(next))
            {
                last = next;
            }
        }

        return last.Said == Said.Nothing && silent is { } nothing ? nothing : last;
    }
}
